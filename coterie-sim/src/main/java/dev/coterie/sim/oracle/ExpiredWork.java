// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.World;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Part of O14: nobody answers a read that its coordinator has stopped waiting for. Knows when each
/// question came to a node and how much time it brought.
final class ExpiredWork implements Observer {
  private static final MessageKind[] READS = {MessageKind.READ_REPLICA};
  private static final MessageKind[] REPLIES = {MessageKind.READ_REPLICA_REPLY};
  private static final int QUESTIONS_MAX = 10_000;

  private record Question(NodeId from, NodeId to, long request) {}

  private final World world;
  private final Consumer<String> violated;
  private final Map<Question, Long> until = new LinkedHashMap<>();

  ExpiredWork(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void delivered(NodeId from, NodeId to, Bytes message) {
    if (Messages.among(READS, message) instanceof ReplicaMessage.ReadReplica read) {
      Question question = new Question(from, to, read.request());
      if (world.node(to).isPaused()) {
        until.put(question, Long.MAX_VALUE); // it comes to the node when that wakes up
      } else {
        until.merge(question, world.node(to).nanos() + read.budgetNanos(), Math::max);
      }
      if (until.size() > QUESTIONS_MAX) {
        until.remove(until.keySet().iterator().next());
      }
    }
  }

  @Override
  public void sent(NodeId from, NodeId to, Bytes message) {
    if (Messages.among(REPLIES, message) instanceof ReplicaMessage.ReadReplicaReply reply) {
      Long deadline = until.get(new Question(to, from, reply.request()));
      if (deadline != null && world.node(from).nanos() > deadline) {
        violated.accept(
            from + " answered a read of " + to + " after the time that it was given was over");
      }
    }
  }
}
