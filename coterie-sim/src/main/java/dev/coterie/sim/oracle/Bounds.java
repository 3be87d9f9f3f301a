// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.PaceFigures;
import dev.coterie.core.node.Quota;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.Replica;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// O10: what is kept beside the values stays within bounds. While the run goes on no log, queue,
/// table or batch of a node ([Quota]) and no store of hints is above its bound, and a context names
/// no actor that did not write its key, nor anything before its first or behind its last write of
/// it. At the end no clock has a gap where an acknowledged write was. That logs, hints and
/// tombstones are gone is a part of O11.
final class Bounds {
  private final World world;
  private final History history;

  /// Records of the step that each second brings in any case.
  private static final long SHARE_FLOOR = 8;

  /// Records of what was under way before requests came to wait: one step, and one answer that an
  /// owner lends.
  private static final long SHARE_SLACK = 32 + 128;

  private final Consumer<String> violated;

  /// By key and actor, between which counters it was written.
  private final SortedMap<ObjectKey, SortedMap<ActorId, Span>> spans = new TreeMap<>();

  private record Span(long first, long last) {
    Span join(Span other) {
      return new Span(Math.min(first, other.first), Math.max(last, other.last));
    }
  }

  Bounds(World world, History history, Consumer<String> violated) {
    this.world = world;
    this.history = history;
    this.violated = violated;
  }

  /// What stands in the memory of nodes.
  void sampleMemory() {
    for (SimNode node : world.nodes()) {
      sampleShare(node);
      for (Quota quota : node.shards().quotas()) {
        if (quota.isExceeded()) {
          violated.accept(
              node.id()
                  + " keeps "
                  + quota.size()
                  + " "
                  + quota.what()
                  + "; the bound is "
                  + quota.most());
        }
      }
    }
  }

  /// How a node divides its work: while requests wait, background work gets a tenth of the records,
  /// or one small step a second where requests pay for less.
  private void sampleShare(SimNode node) {
    if (world.config().costMicros() == 0) {
      return; // what waits does so for other reasons than work
    }
    PaceFigures pace = node.shards().pace();
    long paid = pace.foregroundSaturated() / 9;
    long floor = SHARE_FLOOR * (pace.saturatedNanos() / 1_000_000_000L + 1);
    long most = paid + floor * world.config().shards() + SHARE_SLACK * pace.saturations();
    if (pace.backgroundSaturated() > most) {
      violated.accept(
          node.id()
              + " worked on "
              + pace.backgroundSaturated()
              + " records in the background while requests waited, which worked on "
              + pace.foregroundSaturated()
              + "; the bound is "
              + most);
    }
  }

  /// What lies on their disks.
  void sampleDisks() {
    for (SimNode node : world.nodes()) {
      long bytes = 0;
      int entries = 0;
      for (Hint hint : node.stored().hints(true).values()) {
        bytes += hint.bytes();
        entries = Math.max(entries, hint.entries().size());
      }
      int joined = world.nodeConfig().handoff().entriesMax();
      if (entries > joined) {
        violated.accept(
            node.id() + " holds a hint of " + entries + " writes; the bound is " + joined);
      }
      long most = world.config().shards() * world.nodeConfig().handoff().bytesMax();
      if (bytes > most) {
        violated.accept(node.id() + " holds " + bytes + " bytes of hints; the bound is " + most);
      }
    }
  }

  /// @param dot has just been minted at `at` for `key`
  /// @param context of the record that it left
  void minted(NodeId at, ObjectKey key, Dot dot, DotSet context) {
    SortedMap<ActorId, Span> writers = spans.computeIfAbsent(key, _ -> new TreeMap<>());
    writers.merge(dot.actor(), new Span(dot.counter(), dot.counter()), Span::join);
    for (int i = 0; i < context.actorCount(); i++) {
      ActorId actor = context.actor(i);
      long[] ends = context.bounds(i);
      Span wrote = writers.get(actor);
      if (wrote == null || ends[0] < wrote.first() || ends[ends.length - 1] > wrote.last()) {
        violated.accept(
            at
                + " holds a context of "
                + key
                + " that names "
                + context.only(i)
                + ", but "
                + actor
                + " wrote it "
                + (wrote == null
                    ? "never"
                    : "from " + wrote.first() + " to " + wrote.last() + " only"));
      }
    }
  }

  /// At the end, for one key.
  void judge(ObjectKey key, int n, List<Replica> owners) {
    if (history.anyDamage() || !world.config().exchange().clocks()) {
      return;
    }
    int partition = world.placement().ring().partitionOf(key.hash(world.nodeConfig().ringKey()));
    GroupId group = new GroupId(n, partition);
    for (Replica owner : owners) {
      DotSet clock = world.node(owner.node()).shards().clockOf(group).dots();
      for (Operation write : history.writes(key)) {
        boolean kept = write.isAcked() && write.spec.durability() == Durability.SYNCED;
        // Of a write that was sent twice one dot alone need have lived.
        if (kept && write.dots.size() == 1 && isGap(clock, write.dots.getFirst())) {
          violated.accept(
              "the clock of "
                  + group
                  + " at "
                  + owner.node()
                  + " has a gap at "
                  + write.dots.getFirst()
                  + ", which was "
                  + write);
        }
      }
    }
  }

  private static boolean isGap(DotSet clock, Dot dot) {
    return clock.highest(dot.actor()) > dot.counter() && !clock.contains(dot);
  }
}
