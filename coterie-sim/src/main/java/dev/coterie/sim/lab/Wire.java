// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.codec.message.MessageCodec;
import dev.coterie.codec.message.MessageKind;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.Request;
import dev.coterie.sim.history.History;
import dev.coterie.sim.lab.Chance.Purpose;
import dev.coterie.sim.lab.MessageBody.Look;
import dev.coterie.sim.lab.Recording.Fate;
import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.latency.LatencyModel;
import dev.coterie.sim.world.SimNetwork.Carrier;
import dev.coterie.sim.world.SimNetwork.Link;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The links of a run: draws what becomes of each message, finds out which operation it serves, and
/// records it. The operation is known from the message where it names one, else from the number
/// that the coordinator gave the request.
final class Wire implements Carrier {
  /// A delay above this counts as this.
  private static final double MILLIS_MAX = 10_000;

  private static final int KINDS = 64;
  private static final List<Copy> LOST = List.of();

  /// By the number of the kind.
  private static final Latency.Leg[] LEGS = new Latency.Leg[KINDS];

  static {
    for (MessageKind kind : MessageKind.values()) {
      LEGS[kind.number()] = leg(kind);
    }
  }

  /// A read that `node` coordinates, or may.
  private record Taken(int operation, long at) {}

  private final LabRun run;
  private final Recording recording;
  private final Chance chance;
  private final Latency latency;
  private final double loss;
  private final double duplicate;
  private final double[] slow;
  private final int nodes;
  private final int[] background;
  private final List<Map<Long, Integer>> requests = new ArrayList<>();
  private final List<List<Taken>> reads = new ArrayList<>();
  private long repairBytes;
  private long served;
  private long servedBytes;
  private @Nullable Look look;

  Wire(LabRun run, Recording recording, Scenario scenario, Chance chance) {
    this.run = run;
    this.recording = recording;
    this.chance = chance;
    this.latency = scenario.latency();
    this.loss = scenario.number(Field.LOSS) / 100;
    this.duplicate = scenario.number(Field.DUP) / 100;
    this.nodes = (int) scenario.whole(Field.NODES);
    this.slow = new double[nodes];
    Arrays.fill(slow, 1);
    this.background = new int[KINDS * nodes * nodes];
    for (int i = 0; i < nodes; i++) {
      requests.add(new LinkedHashMap<>());
      reads.add(new ArrayList<>());
    }
  }

  /// From now on `who` sees what messages carry.
  void look(Look who) {
    look = who;
  }

  private int seen(int entry, Bytes message, @Nullable LabOperation asked, boolean lost) {
    Look who = look;
    if (who != null) {
      who.left(run, entry, message, asked == null ? null : run.key(asked.key), lost);
    }
    return entry;
  }

  static int number(NodeId node) {
    return Integer.parseInt(node.name().substring(1)) - 1;
  }

  /// Messages to and from `node` take so many times longer; 1 for no longer.
  void slow(int node, double factor) {
    slow[node] = factor;
  }

  /// Bytes of messages that bring owners into step: repairs, exchanges, trees, copies, and hints
  /// that are handed over.
  long repairBytes() {
    return repairBytes;
  }

  /// Messages that serve clients' operations, repairs left out.
  long served() {
    return served;
  }

  long servedBytes() {
    return servedBytes;
  }

  /// `node` has been asked to carry out a read.
  void readTaken(int node, int operation) {
    reads.get(node).add(new Taken(operation, run.micros()));
  }

  /// It is over.
  void readOver(int operation) {
    for (List<Taken> open : reads) {
      open.removeIf(taken -> taken.operation() == operation);
    }
  }

  @Override
  public List<Copy> leaves(Link link, Bytes message, boolean cut) {
    int from = number(link.from());
    int to = number(link.to());
    int kind = message.at(0);
    int operation = operationOf(kind, from, to, message);
    long micros = run.micros();
    if (repairs(kind)) {
      repairBytes += message.length();
    }
    LabOperation asked = run.operation(operation);
    if (asked != null) {
      served++;
      servedBytes += message.length();
    }
    int attempt = asked == null ? next(kind, from, to) : attempt(asked, kind, from, to);
    long whose = asked == null ? -1L - kind : operation;
    if (cut) {
      int entry = recording.lost(micros, from, to, kind, operation, Fate.CUT);
      int _ = seen(entry, message, asked, true);
      return LOST;
    }
    if (loss > 0 && Prng.uniform(chance.of(Purpose.LOSS, whose, kind, from, to, attempt)) <= loss) {
      int entry = recording.lost(micros, from, to, kind, operation, Fate.LOSS);
      int _ = seen(entry, message, asked, true);
      return LOST;
    }
    boolean twice =
        duplicate > 0
            && Prng.uniform(chance.of(Purpose.DUPLICATE, whose, kind, from, to, attempt))
                <= duplicate;
    List<Copy> copies = new ArrayList<>(2);
    for (int copy = 0; copy < (twice ? 2 : 1); copy++) {
      long draw = chance.of(Purpose.DELAY, whose + ((long) copy << 40), kind, from, to, attempt);
      int entry = recording.sent(micros, from, to, kind, operation);
      copies.add(
          new Copy(
              seen(entry, message, asked, false),
              (long) (delayMillis(kind, from, to, draw) * 1_000_000)));
    }
    return copies;
  }

  private double delayMillis(int kind, int from, int to, long draw) {
    LatencyModel model = latency.leg(LEGS[kind]);
    double millis = model.millis(draw) + latency.farMillis();
    return Math.min(millis, MILLIS_MAX) * Math.max(slow[from], slow[to]);
  }

  /// How long a first message of `kind` for this operation takes or would have taken, in µs; its
  /// order on the link left aside.
  long wouldTake(MessageKind kind, int operation, int from, int to) {
    long draw = chance.of(Purpose.DELAY, operation, kind.number(), from, to, 0);
    return (long) (delayMillis(kind.number(), from, to, draw) * 1000);
  }

  private static Latency.Leg leg(MessageKind kind) {
    return switch (kind) {
      case STORE_REPLICA, REPAIR_REPLICA, STORE_HINT, HAND_OFF, COPY_REPLY, EXCHANGE_REPLY ->
          Latency.Leg.WRITE;
      case STORE_REPLICA_REPLY, STORE_HINT_REPLY, HAND_OFF_REPLY, REPAIR_REPLICA_REPLY ->
          Latency.Leg.ACK;
      case READ_REPLICA_REPLY,
          READ_HINT_REPLY,
          FORWARD_REPLY,
          PROPERTIES_ACK,
          PROPERTIES_REPLY,
          HINT_CREDIT,
          TREE_REPLY,
          LEAF_REPLY,
          ACK,
          NACK,
          CLOSE_PROMISE,
          EXPLAIN_REPLICA_REPLY ->
          Latency.Leg.REPLY;
      case READ_REPLICA,
          READ_HINT,
          FORWARD,
          COPY_REQUEST,
          PROPERTIES_PUSH,
          PROPERTIES_FETCH,
          EXCHANGE_REQUEST,
          HINT_OFFER,
          TREE_REQUEST,
          LEAF_REQUEST,
          KEYS_REQUEST,
          PROBE,
          INDIRECT_PROBE,
          EXPLAIN_REPLICA ->
          Latency.Leg.READ;
    };
  }

  private static boolean repairs(int kind) {
    return kind == MessageKind.REPAIR_REPLICA.number()
        || kind == MessageKind.HAND_OFF.number()
        || (kind >= MessageKind.COPY_REQUEST.number() && kind <= MessageKind.COPY_REPLY.number())
        || (kind >= MessageKind.EXCHANGE_REQUEST.number()
            && kind <= MessageKind.EXCHANGE_REPLY.number())
        || (kind >= MessageKind.TREE_REQUEST.number() && kind <= MessageKind.KEYS_REQUEST.number());
  }

  private int next(int kind, int from, int to) {
    return background[(kind % KINDS * nodes + from) * nodes + to]++;
  }

  private static int attempt(LabOperation operation, int kind, int from, int to) {
    int what = kind << 16 | from << 8 | to;
    int before = 0;
    for (int each : operation.sent) {
      before += each == what ? 1 : 0;
    }
    operation.sent.add(what);
    return before;
  }

  @Override
  public void planned(long id, long at) {
    recording.planned((int) id, run.micros(at));
  }

  @Override
  public void arrived(long id, boolean taken) {
    int entry = (int) id;
    Look who = look;
    if (who != null) {
      who.arrived(run, entry, taken);
    }
    Fate how =
        taken
            ? Fate.TAKEN
            : run.isCut(recording.a(entry), recording.b(entry)) ? Fate.CUT : Fate.DOWN;
    recording.arrived(run.micros(), entry, how);
    int operation = recording.x(entry);
    if (taken && recording.c(entry) == MessageKind.FORWARD.number()) {
      LabOperation asked = run.operation(operation);
      if (asked != null && !asked.write) {
        readTaken(recording.b(entry), operation);
      }
    }
  }

  // Which operation

  private static @Nullable Message decode(Bytes message) {
    try {
      return MessageCodec.decode(message);
    } catch (DecodeException _) {
      return null;
    }
  }

  /// 0 for none.
  private int operationOf(int kind, int from, int to, Bytes message) {
    boolean foreground =
        kind <= MessageKind.READ_REPLICA_REPLY.number()
            || kind == MessageKind.FORWARD.number()
            || kind == MessageKind.FORWARD_REPLY.number()
            || (kind >= MessageKind.STORE_HINT.number()
                && kind <= MessageKind.READ_HINT_REPLY.number());
    Message decoded = foreground ? decode(message) : null;
    return switch (decoded) {
      case ReplicaMessage.StoreReplica store -> known(from, store.request(), store.operation());
      case HandoffMessage.StoreHint store -> known(from, store.request(), store.operation());
      case ReplicaMessage.StoreReplicaReply reply -> of(to, reply.request());
      case HandoffMessage.StoreHintReply reply -> of(to, reply.request());
      case ReplicaMessage.ReadReplica read -> read(from, read.request(), read.key());
      case HandoffMessage.ReadHint read -> read(from, read.request(), read.key());
      case ReplicaMessage.ReadReplicaReply reply ->
          answered(of(to, reply.request()), from, reply.record());
      case HandoffMessage.ReadHintReply reply ->
          answered(of(to, reply.request()), from, reply.record());
      case ClusterMessage.Forward(long request, long _, Request.Put put) ->
          known(from, request, put.operation());
      case ClusterMessage.Forward(long request, long _, Request asked) ->
          read(from, request, asked.key());
      case ClusterMessage.ForwardReply reply -> of(to, reply.request());
      case null, default -> 0;
    };
  }

  private int known(int coordinator, long request, Bytes operation) {
    int id = History.idOf(operation);
    if (id > 0) {
      Integer unused = requests.get(coordinator).put(request, id);
    }
    return id;
  }

  private int of(int coordinator, long request) {
    return requests.get(coordinator).getOrDefault(request, 0);
  }

  /// A request number that is seen for the first time is that of the read of this key which the
  /// coordinator has been given just now; else of the one that has waited longest.
  private int read(int coordinator, long request, ObjectKey key) {
    Integer known = requests.get(coordinator).get(request);
    if (known != null) {
      return known;
    }
    List<Taken> open = reads.get(coordinator);
    Taken found = null;
    for (Taken taken : open) {
      LabOperation asked = run.operation(taken.operation());
      if (asked != null && run.keyNumber(key) == asked.key) {
        boolean justNow = taken.at() == run.micros();
        if (found == null || justNow) {
          found = taken;
        }
      }
    }
    if (found == null) {
      return 0;
    }
    open.remove(found);
    requests.get(coordinator).put(request, found.operation());
    return found.operation();
  }

  private int answered(int operation, int from, KeyRecord record) {
    LabOperation asked = run.operation(operation);
    if (asked != null && !asked.write) {
      asked.answers.add(new LabOperation.Answer(from, run.micros(), ids(record)));
    }
    return operation;
  }

  /// The writes whose values a record holds, in rising order. A digest names them by their
  /// operations.
  static int[] ids(KeyRecord record) {
    int[] ids = new int[record.siblings().size()];
    int next = 0;
    for (Sibling sibling : record.siblings()) {
      ids[next++] = History.idOf(sibling.operation());
    }
    Arrays.sort(ids);
    return ids;
  }
}
