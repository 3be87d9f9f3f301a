// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Vnode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Answers owners that fill their copies from this one, chunk by chunk: the other side of [Copies].
/// Order matters (model, S4): the clock is taken, then synced, then the records are read.
final class CopyAnswers {
  private record Asker(NodeId node, GroupId group) implements Comparable<Asker> {
    @Override
    public int compareTo(Asker other) {
      int order = node.compareTo(other.node);
      return order == 0 ? group.compareTo(other.group) : order;
    }
  }

  /// Others that wait for a part of a copy; one above it asks again.
  private static final int HELD_MAX = 64;

  private final Context context;
  private final TreeMap<Asker, Release.ServeCopy> held = new TreeMap<>();
  private final Map<Long, Release.ServeCopy> scans = new LinkedHashMap<>();

  CopyAnswers(Context context) {
    this.context = context;
  }

  void quotas(List<Quota> out) {
    out.add(new Quota("askers whose part of a copy waits", held.size(), HELD_MAX));
  }

  /// Those that wait for a part are served, or wait on.
  void timer() {
    for (Release.ServeCopy serve : new ArrayList<>(held.values())) {
      held.remove(new Asker(serve.to(), serve.asked().group()));
      serve(serve);
    }
  }

  /// Another owner asks for its copy. The clock is taken now, the records are read once it is
  /// durable.
  void asked(NodeId from, ReplicaMessage.CopyRequest request) {
    if (request.epoch() != context.placement.epoch()
        || request.senderBoot() != context.boot
        || !context.isOwner(request.group(), from)
        || !context.isOwner(request.group(), context.self)) {
      return;
    }
    Vnode vnode = context.vnode(request.group());
    context.afterSyncedUnhurried(new Release.ServeCopy(from, vnode.clock(), request));
  }

  void serve(Release.ServeCopy serve) {
    if (!context.pacer.mayStart(context.now, Pacer.STEP)) {
      Asker asker = new Asker(serve.to(), serve.asked().group());
      if (held.containsKey(asker) || held.size() < HELD_MAX) {
        held.put(asker, serve);
        context.timers.set(Timers.Kind.COPY_ANSWER, 0, context.now + Pacer.PAUSE_NANOS);
      }
      return;
    }
    long id = context.nextId();
    scans.put(id, serve);
    context.out.add(
        new Effect.ScanGroup(
            id,
            serve.asked().group(),
            serve.asked().cursor(),
            context.pacer.chunkBytes(context.now, context.config.copyChunkBytes())));
  }

  /// A part has been read.
  void scanned(Event.GroupScanned read) {
    Release.ServeCopy scan = scans.remove(read.scan());
    if (scan == null) {
      return;
    }
    // A sender that is damaged, or being filled itself, lends no clock (M-4, M-5).
    boolean sound =
        read.damaged().isEmpty() && !read.unreadable() && context.vnode(read.group()).lendsClock();
    GroupClock lent = sound ? scan.clock() : GroupClock.EMPTY;
    if (!read.entries().isEmpty()) {
      long values = 0;
      for (CopyEntry entry : read.entries()) {
        values += entry.record().valueBytes();
      }
      context.observe(
          new Observation.RecordsSent(
              Observation.Cause.COPY, scan.to(), read.entries().size(), values));
    }
    context.send(
        scan.to(),
        new ReplicaMessage.CopyReply(
            scan.asked().question(),
            read.group(),
            scan.asked().askerBoot(),
            context.boot,
            lent,
            read.entries(),
            scan.asked().cursor(),
            read.next(),
            read.last()));
  }
}
