// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

import dev.coterie.codec.message.MessageCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.sim.latency.Latency.Leg;
import dev.coterie.sim.world.SimNetwork.Carrier;
import dev.coterie.sim.world.SimNetwork.Link;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// Carries the messages of writes and reads as the WARS model has it: each takes the time that
/// [Draws] has for its trial, leg, read and replica, and overtakes what it can. All others take a
/// millisecond.
final class WarsCarrier implements Carrier {
  private static final long OTHERS_NANOS = 1_000_000;

  /// Of which trial a request is, and which of its reads; -1 for the write.
  private record Whose(long trial, int read) {}

  private final Draws draws;
  private final SortedMap<NodeId, Integer> replicas;
  private final Map<ObjectKey, Whose> present = new LinkedHashMap<>();
  private final Map<Long, Whose> writes = new LinkedHashMap<>();
  private final Map<Long, Whose> reads = new LinkedHashMap<>();
  private long carried;

  /// @param replicas their numbers in the model
  WarsCarrier(Draws draws, SortedMap<NodeId, Integer> replicas) {
    this.draws = draws;
    this.replicas = replicas;
  }

  /// What is asked of `key` from now on is the write of `trial`.
  void writes(ObjectKey key, long trial) {
    present.put(key, new Whose(trial, -1));
  }

  /// What is asked of `key` from now on is a read of `trial`.
  void reads(ObjectKey key, long trial, int read) {
    present.put(key, new Whose(trial, read));
  }

  /// How many messages have left.
  long carried() {
    return carried;
  }

  @Override
  public List<Copy> leaves(Link link, Bytes message, boolean cut) {
    carried++;
    return List.of(new Copy(0, nanos(link, decode(message))));
  }

  private static Message decode(Bytes message) {
    try {
      return known(MessageCodec.decode(message));
    } catch (DecodeException cause) {
      throw new IllegalStateException(cause);
    }
  }

  private static <T> T known(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a message of none of the trials");
    }
    return value;
  }

  private long nanos(Link link, Message message) {
    if (!(message instanceof ReplicaMessage data)) {
      return OTHERS_NANOS;
    }
    return switch (data) {
      case ReplicaMessage.StoreReplica store -> {
        Whose whose = present.get(store.key());
        if (whose == null) {
          yield OTHERS_NANOS;
        }
        writes.put(store.request(), whose);
        yield draws.write(whose.trial(), Leg.WRITE, replica(link.to()));
      }
      case ReplicaMessage.StoreReplicaReply reply -> {
        Whose whose = writes.get(reply.request());
        yield whose == null
            ? OTHERS_NANOS
            : draws.write(whose.trial(), Leg.ACK, replica(link.from()));
      }
      case ReplicaMessage.ReadReplica read -> {
        Whose whose = known(present.get(read.key()));
        reads.put(read.request(), whose);
        yield draws.read(whose.trial(), whose.read(), Leg.READ, replica(link.to()));
      }
      case ReplicaMessage.ReadReplicaReply reply -> {
        Whose whose = known(reads.get(reply.request()));
        yield draws.read(whose.trial(), whose.read(), Leg.REPLY, replica(link.from()));
      }
      // No copy is filled, and repair is off: nothing else moves values.
      case ReplicaMessage.RepairReplica _,
          ReplicaMessage.RepairReplicaReply _,
          ReplicaMessage.CopyRequest _,
          ReplicaMessage.CopyReply _ ->
          throw new IllegalStateException(link + " carries " + data);
    };
  }

  private int replica(NodeId node) {
    return known(replicas.get(node));
  }

  @Override
  public void planned(long id, long at) {}

  @Override
  public void arrived(long id, boolean taken) {}
}
