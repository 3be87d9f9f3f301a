// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage.StoreReplica;
import dev.coterie.core.message.ReplicaMessage.StoreReplicaReply;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import dev.coterie.sim.history.History;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.World;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Part of O7: an owner whose disk was never damaged, and that says that it durably has a write,
/// has it: its record shows the write, or what replaced it. That its clock names the write is not
/// enough.
final class ReplicaAcks implements Observer {
  private record Asked(NodeId from, NodeId to, long request) {}

  private record Write(ObjectKey key, int n, Dot dot) {}

  private static final MessageKind[] KINDS = {
    MessageKind.STORE_REPLICA, MessageKind.STORE_REPLICA_REPLY
  };

  private static final int ASKED_MAX = 4_096;

  private final World world;
  private final History history;
  private final Forgotten forgotten;
  private final Consumer<String> violated;
  private final Map<Asked, Write> asked = new LinkedHashMap<>();

  ReplicaAcks(World world, History history, Forgotten forgotten, Consumer<String> violated) {
    this.world = world;
    this.history = history;
    this.forgotten = forgotten;
    this.violated = violated;
  }

  @Override
  public void sent(NodeId from, NodeId to, Bytes bytes) {
    Message message = Messages.among(KINDS, bytes);
    if (message instanceof StoreReplica store) {
      if (asked.size() >= ASKED_MAX) {
        asked.remove(asked.keySet().iterator().next());
      }
      asked.put(
          new Asked(from, to, store.request()),
          new Write(store.key(), store.group().policy(), store.dot()));
    } else if (message instanceof StoreReplicaReply reply) {
      Write write = asked.remove(new Asked(to, from, reply.request()));
      if (write != null && reply.status() == StoreStatus.SYNCED && !history.isDamaged(from)) {
        judge(from, write);
      }
    }
  }

  private void judge(NodeId at, Write write) {
    KeyRecord durable = world.node(at).stored().durableRecordOf(write.key(), write.n());
    boolean shown = durable != null && durable.context().contains(write.dot());
    if (!shown && !forgotten.of(write.key()).contains(write.dot())) {
      violated.accept(
          at
              + " says that it has "
              + write.dot()
              + " of "
              + write.key()
              + ", and does not show it");
    }
  }
}
