// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.message.ExchangeMessage.ExchangeReply;
import dev.coterie.core.message.ExchangeMessage.ExchangeRequest;
import dev.coterie.core.message.ExchangeMessage.ExchangeStatus;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.Observation;
import dev.coterie.core.ring.GroupId;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.World;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// No background work without a cause. Part of O12: an owner is behind a log, and is rebuilt from
/// whole records, only where that log has reached its bound or cannot be read, or a disk was
/// damaged; otherwise what it missed is in the logs of the others until it has told that it durably
/// has it; and never where the other's log has dropped nothing that it lacks and can be read. Part
/// of O8: where no disk was damaged, and two owners have been well, connected and telling each
/// other their clocks for [#WELL_NANOS], their trees differ in nothing, for what is still under way
/// or has expired does not count; nor do they ever where each key was written once.
final class Causes implements Observer {
  static final long WELL_NANOS = 20_000_000_000L;

  /// The log was read so long ago at the most.
  private static final long READ_NANOS = 1_000_000_000L;

  private static final long LATE_NANOS = 5_000_000_000L;

  private static final MessageKind[] KINDS = {
    MessageKind.EXCHANGE_REQUEST, MessageKind.EXCHANGE_REPLY
  };

  private final World world;
  private final History history;
  private final BiConsumer<String, String> violated;

  /// What was last asked: by who asks, who is asked, and the group.
  private final SortedMap<String, ExchangeRequest> asked = new TreeMap<>();

  /// When it left. While a question wanders about boots may be closed: then it names what was
  /// dropped since, and whoever asks has seen it by now.
  private final SortedMap<String, Long> askedAt = new TreeMap<>();

  /// @param violated hears the oracle and the sentence
  Causes(World world, History history, BiConsumer<String, String> violated) {
    this.world = world;
    this.history = history;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId at, Observation what) {
    if (what instanceof Observation.BehindLog(var group, NodeId owner)
        && !history.anyDamage()
        && world.node(owner).wellSince() <= world.now() - READ_NANOS
        && history.operations().size() < world.nodeConfig().logEntriesMax()) {
      violated.accept(
          "O12",
          at + " is behind the log of " + owner + " for " + group + ", which never was full");
    }
    if (what instanceof Observation.AuditFound(var _, NodeId owner, var keys)
        && !history.anyDamage()
        && world.config().exchange().clocks()
        && (areSettled(at, owner) || keys.stream().allMatch(this::isWrittenOnce))) {
      violated.accept(
          "O8",
          at + " finds by trees that " + owner + " differs in " + keys + " without any damage");
    }
  }

  private boolean areSettled(NodeId at, NodeId owner) {
    return !world.config().network().isLossy()
        && world.areWell(at, owner, world.now() - WELL_NANOS);
  }

  private boolean isWrittenOnce(ObjectKey key) {
    List<Operation> writes = history.writes(key);
    return writes.size() == 1
        && writes.getFirst().kind == Operation.Kind.PUT
        && writes.getFirst().dots.size() == 1
        && writes.getFirst().expiryMillis == 0;
  }

  @Override
  public void delivered(NodeId from, NodeId to, Bytes message) {
    if (Messages.among(KINDS, message) instanceof ExchangeRequest request) {
      asked.put(name(from, to, request.group()), request);
    }
  }

  @Override
  public void sent(NodeId from, NodeId to, Bytes message) {
    Message said = Messages.among(KINDS, message);
    if (said instanceof ExchangeRequest request) {
      Long unused = askedAt.put(name(from, to, request.group()), world.now());
    }
    if (said instanceof ExchangeReply reply
        && reply.status() == ExchangeStatus.BEHIND
        && asked.get(name(to, from, reply.group())) instanceof ExchangeRequest request
        && request.round() == reply.round()
        && askedAt.getOrDefault(name(to, from, reply.group()), 0L) >= world.now() - LATE_NANOS
        && world.node(from).wellSince() <= world.now() - READ_NANOS
        && world.node(from).disk().damagedValues() == 0) {
      GroupClock mine = world.node(from).shards().clockOf(reply.group());
      DotSet forgotten = world.node(from).shards().forgottenOf(reply.group());
      if (mine.beyond(request.clock()).intersect(forgotten).isEmpty()) {
        violated.accept(
            "O12",
            from
                + " tells "
                + to
                + " that it is behind its log for "
                + reply.group()
                + ", which has dropped nothing that it lacks");
      }
    }
  }

  private static String name(NodeId asker, NodeId answers, GroupId group) {
    return asker + " " + answers + " " + group;
  }
}
