// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.ExchangeMessage;
import dev.coterie.core.message.ExplainMessage;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.HintsView;
import dev.coterie.core.message.Incarnation;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.MembershipMessage;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import dev.coterie.core.message.ReplicaView;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.Rumour;
import dev.coterie.core.message.Session;
import dev.coterie.core.message.TreeEntry;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.message.TreeNode;
import dev.coterie.core.message.TreeSum;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.Choice;
import dev.coterie.core.quorum.Conflict;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
  private static final ActorId ACTOR = new ActorId(new NodeId("n1"), 3, 0x1122334455667788L, 2);
  private static final Dot DOT = new Dot(ACTOR, 9);
  private static final ObjectKey KEY =
      new ObjectKey(BucketId.untyped(Bytes.utf8("fruit")), Bytes.of(new byte[] {0, '/', -1}));
  private static final GroupId GROUP = new GroupId(3, 17);
  private static final KeyRecord RECORD =
      new KeyRecord(
          List.of(new Sibling(DOT, Bytes.utf8("red"), 77, 0, Bytes.utf8("op"))),
          CausalContext.of(DOT, new Dot(ACTOR, 1)));
  private static final SortedMap<NodeId, Long> OVER = new TreeMap<>(Map.of(new NodeId("n2"), 7L));
  private static final GroupClock CLOCK =
      GroupClock.of(DotSet.of(DOT, new Dot(ACTOR, 1), new Dot(ACTOR, 2)));

  private static List<Message> messages() {
    Receipt receipt =
        new Receipt(
            2,
            List.of(new Receipt.Answer(new NodeId("n2"), "m2", true, Durability.SYNCED)),
            3,
            3,
            1,
            new NodeId("n1"),
            true,
            Session.NEW);
    List<Message> all = new ArrayList<>();
    all.add(
        new ReplicaMessage.StoreReplica(
            5,
            1,
            GROUP,
            KEY,
            RECORD,
            DOT,
            List.of(new Dot(ACTOR, 1)),
            Bytes.utf8("op"),
            ReplicaMessage.AckWish.SYNCED,
            9_000_000_000L));
    all.add(
        new ReplicaMessage.StoreReplicaReply(5, GROUP, 4, ReplicaMessage.StoreStatus.NOT_COUNTED));
    all.add(new ReplicaMessage.ReadReplica(6, 1, GROUP, KEY, 250_000_000L, true));
    all.add(
        new ReplicaMessage.ReadReplicaReply(
            6, GROUP, ReplicaMessage.ReadStatus.NO_VOTE, RECORD, CLOCK, DotSet.of(DOT), 17, true));
    all.add(new ReplicaMessage.RepairReplica(11, 1, GROUP, KEY, RECORD, CLOCK));
    all.add(new ReplicaMessage.RepairReplicaReply(11, GROUP));
    all.add(new ReplicaMessage.CopyRequest(7, 1, GROUP, 3, 4, Bytes.utf8("cursor")));
    all.add(
        new ReplicaMessage.CopyReply(
            7,
            GROUP,
            3,
            4,
            CLOCK,
            List.of(new ReplicaMessage.CopyEntry(KEY, RECORD)),
            Bytes.EMPTY,
            Bytes.utf8("next"),
            true));
    all.add(new ExchangeMessage.ExchangeRequest(11, 1, GROUP, 3, 4, CLOCK, OVER));
    all.add(
        new ExchangeMessage.ExchangeReply(
            11,
            GROUP,
            3,
            4,
            ExchangeMessage.ExchangeStatus.RECORDS,
            CLOCK,
            List.of(
                new ExchangeMessage.Lent(
                    KEY,
                    RECORD,
                    List.of(new LogEntry(DOT, KEY, List.of(new Dot(ACTOR, 1)), Bytes.utf8("op"))))),
            OVER));
    TreeMessage.Terms terms = new TreeMessage.Terms(11, 1, GROUP, 3, 4, 1, 0x1122334455667788L);
    TreeNode node = new TreeNode(2, 17, new TreeSum(-1, 5, 3));
    all.add(new TreeMessage.TreeRequest(terms, List.of(node)));
    all.add(
        new TreeMessage.TreeReply(terms, TreeMessage.TreeStatus.NOT_READY, CLOCK, List.of(node)));
    all.add(new TreeMessage.LeafRequest(terms, 255, Bytes.utf8("cursor")));
    all.add(
        new TreeMessage.LeafReply(
            terms,
            7,
            Bytes.EMPTY,
            List.of(new TreeEntry(KEY, DOT, 77, 9)),
            Bytes.utf8("next"),
            true));
    all.add(new TreeMessage.KeysRequest(terms, List.of(KEY)));
    all.add(
        new ClusterMessage.Forward(
            7,
            2,
            new Request.Put(
                KEY,
                Bytes.utf8("red"),
                CausalContext.of(DOT),
                new Condition.IfNoneMatch(),
                true,
                Lifetime.OF_BUCKET,
                Bytes.utf8("op"),
                QuorumOptions.DEFAULT,
                1_000)));
    Session session =
        new Session(
            true, true, List.of(new Session.Seen(GROUP, DotSet.EMPTY.withRange(ACTOR, 1, 9))));
    all.add(
        new ClusterMessage.Forward(
            8, 2, new Request.Get(KEY, QuorumOptions.DEFAULT, 500, session)));
    all.add(new ClusterMessage.ForwardReply(7, new Outcome.Found(RECORD, receipt)));
    all.add(
        new ClusterMessage.ForwardReply(
            7, new Outcome.Rejected(new Reason(Reason.Code.OVERLOAD, 2, 1, "full"), receipt)));
    PropertiesEntry entry =
        new PropertiesEntry(
            KEY.bucket(), BucketProperties.DEFAULT.withN(2), true, DOT, CausalContext.of(DOT));
    all.add(new ClusterMessage.PropertiesPush(9, List.of(entry)));
    all.add(new ClusterMessage.PropertiesAck(9));
    all.add(new ClusterMessage.PropertiesFetch(10));
    all.add(new ClusterMessage.PropertiesReply(10, true, List.of(entry)));
    NodeId other = new NodeId("n2");
    List<Rumour> rumours =
        List.of(
            new Rumour(other, MemberStatus.SUSPECT, new Incarnation(4, 2), ACTOR.node()),
            new Rumour(ACTOR.node(), MemberStatus.ALIVE, new Incarnation(3, 1), ACTOR.node()));
    all.add(new MembershipMessage.Probe(1L << 39, new Incarnation(3, 1), rumours));
    all.add(new MembershipMessage.Ack(12, other, new Incarnation(4, 0), List.of()));
    all.add(new MembershipMessage.IndirectProbe(13, other, rumours));
    all.add(new MembershipMessage.Nack(13, other, List.of()));
    all.add(new ClusterMessage.ClosePromise(1, 2, OVER));
    all.add(
        new HandoffMessage.StoreHint(
            14,
            1,
            GROUP,
            KEY,
            other,
            RECORD,
            DOT,
            List.of(new Dot(ACTOR, 1)),
            Bytes.utf8("op"),
            ReplicaMessage.AckWish.BOTH,
            7_000_000L));
    all.add(new HandoffMessage.StoreHintReply(14, GROUP, ReplicaMessage.StoreStatus.FULL));
    all.add(new HandoffMessage.ReadHint(15, 1, GROUP, KEY, 250_000_000L));
    all.add(new HandoffMessage.ReadHintReply(15, GROUP, ReplicaMessage.ReadStatus.FOUND, RECORD));
    all.add(new HandoffMessage.HintOffer(16, 1, GROUP, 300));
    all.add(new HandoffMessage.HintCredit(16, GROUP, 12));
    all.add(
        new HandoffMessage.HandOff(
            16,
            1,
            GROUP,
            KEY,
            RECORD,
            List.of(new LogEntry(DOT, KEY, List.of(new Dot(ACTOR, 1)), Bytes.utf8("op")))));
    all.add(
        new HandoffMessage.HandOffReply(
            16, GROUP, KEY, HandoffMessage.HandOffStatus.TAKEN, DotSet.of(DOT)));
    all.add(
        new ClusterMessage.Forward(
            17,
            2,
            new Request.Get(
                KEY,
                QuorumOptions.DEFAULT.withW(Level.Named.ANY).withSloppy(Choice.YES),
                500,
                Session.NONE)));
    all.add(
        new ClusterMessage.PropertiesPush(
            18,
            List.of(
                new PropertiesEntry(
                    KEY.bucket(),
                    BucketProperties.DEFAULT.withSloppy(true),
                    true,
                    DOT,
                    CausalContext.of(DOT)))));
    all.add(new ExplainMessage.ExplainReplica(14, 1, GROUP, KEY, true));
    all.add(
        new ExplainMessage.ExplainReplicaReply(
            14,
            new ReplicaView(
                ReplicaView.Health.COPYING,
                RECORD,
                CLOCK,
                DotSet.of(DOT),
                List.of(new Arrival(DOT, Arrival.Path.EXCHANGE, other, 1500, 3, Bytes.utf8("red"))),
                List.of(new LogEntry(DOT, KEY, List.of(new Dot(ACTOR, 1)), Bytes.utf8("op"))),
                List.of(other))));
    all.add(
        new ExplainMessage.ExplainReplicaReply(
            14,
            ReplicaView.without(ReplicaView.Health.NOT_OWNER),
            new HintsView(
                true,
                List.of(
                    new HintsView.Held(other, true, DotSet.of(DOT), 2, 300, 1500, true),
                    new HintsView.Held(ACTOR.node(), false, DotSet.EMPTY, 0, 0, 0, false)))));
    all.add(
        new ExplainMessage.ExplainReplicaReply(
            15, ReplicaView.without(ReplicaView.Health.NOT_OWNER), new HintsView(true, List.of())));
    for (Lifetime lifetime : List.of(Lifetime.FOR_EVER, new Lifetime.Until(1_700_000_000_000L))) {
      all.add(
          new ClusterMessage.Forward(
              19,
              2,
              new Request.Put(
                  KEY,
                  Bytes.utf8("red"),
                  CausalContext.EMPTY,
                  Condition.NONE,
                  false,
                  lifetime,
                  Bytes.EMPTY,
                  QuorumOptions.DEFAULT,
                  1_000)));
    }
    all.add(
        new ClusterMessage.ForwardReply(
            19, new Outcome.Applied(RECORD, receipt, 1_700_000_000_000L)));
    all.add(
        new ClusterMessage.PropertiesPush(
            20,
            List.of(
                new PropertiesEntry(
                    KEY.bucket(),
                    BucketProperties.DEFAULT.withDefaultTtlSeconds(
                        BucketProperties.TTL_SECONDS_MAX),
                    false,
                    DOT,
                    CausalContext.of(DOT)))));
    all.addAll(lastWriteWins(receipt));
    return all;
  }

  /// What last-write-wins buckets have added.
  private static List<Message> lastWriteWins(Receipt receipt) {
    NodeId other = new NodeId("n2");
    long stamp = (1_700_000_000_000L << 16) | 3;
    KeyRecord stamped =
        new KeyRecord(
            List.of(new Sibling(DOT, Bytes.utf8("red"), 77, 0, Bytes.EMPTY, stamp)),
            CausalContext.of(DOT));
    Reason skew = new Reason(Reason.Code.CLOCK_SKEW, 2, 1, "set its clock");
    return List.of(
        new MembershipMessage.Ack(12, other, new Incarnation(4, 0), List.of(), 1_700_000_000_000L),
        new ReplicaMessage.StoreReplica(
            21, 1, GROUP, KEY, stamped, DOT, List.of(), Bytes.EMPTY, AckWish.SYNCED, 0),
        new ReplicaMessage.StoreReplicaReply(21, GROUP, 4, StoreStatus.FROM_THE_FUTURE),
        new ClusterMessage.ForwardReply(
            22, new Outcome.Found(stamped, receipt.with(new Receipt.Race(stamp, 2, 1)))),
        new ClusterMessage.ForwardReply(23, new Outcome.Rejected(skew, receipt)),
        new ClusterMessage.PropertiesPush(
            24,
            List.of(
                new PropertiesEntry(
                    KEY.bucket(),
                    BucketProperties.DEFAULT.withConflict(Conflict.LWW_LOSSY),
                    false,
                    DOT,
                    CausalContext.of(DOT)))));
  }

  @Test
  void everyKindComesBackEqual() throws Exception {
    EnumSet<MessageKind> kinds = EnumSet.noneOf(MessageKind.class);
    for (Message message : messages()) {
      Bytes bytes = MessageCodec.encode(message);
      assertThat(MessageCodec.decode(bytes)).isEqualTo(message);
      for (MessageKind kind : MessageKind.values()) {
        if (kind.number() == bytes.array()[0]) {
          kinds.add(kind);
        }
      }
    }
    assertThat(kinds).containsExactlyInAnyOrder(MessageKind.values());
  }

  /// Bytes that were once sent must be understood for ever: a change here breaks rolling upgrades.
  @Test
  void theBytesStayWhatTheyAre() throws Exception {
    List<String> lines = new ArrayList<>();
    for (Message message : messages()) {
      lines.add(
          message.getClass().getSimpleName()
              + " "
              + HexFormat.of().formatHex(MessageCodec.encode(message).array()));
    }
    String golden;
    try (var in = MessageCodecTest.class.getResourceAsStream("/messages.golden")) {
      golden =
          in == null
              ? ""
              : new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
    }
    assertThat(String.join("\n", lines) + "\n")
        .as("messages.golden; only a new field or kind may change it")
        .isEqualTo(golden);
  }

  /// What the gossip's limit counts is at least what a rumour takes.
  @Test
  void rumoursAreNoLargerThanTheySay() {
    NodeId longest = new NodeId("n".repeat(NodeId.LENGTH_MAX));
    Incarnation highest = new Incarnation(Long.MAX_VALUE, Incarnation.NUMBER_MAX);
    Rumour rumour =
        new Rumour(longest, MemberStatus.DEAD, highest, new NodeId("m".repeat(NodeId.LENGTH_MAX)));
    int one = MessageCodec.encode(new MembershipMessage.Nack(1, longest, List.of())).length();
    int two = MessageCodec.encode(new MembershipMessage.Nack(1, longest, List.of(rumour))).length();
    assertThat(two - one).isLessThanOrEqualTo(rumour.bytes()).isGreaterThan(rumour.bytes() - 8);
  }

  @Test
  void nobodyReachesAnIncarnationOfTenDigitsByCounting() {
    Bytes bytes =
        MessageCodec.encode(
            new MembershipMessage.Probe(
                1, new Incarnation(1, Incarnation.NUMBER_MAX + 1), List.of()));
    assertThatThrownBy(() -> MessageCodec.decode(bytes)).isInstanceOf(DecodeException.class);
  }

  /// Damaged bytes give a typed refusal, or a message that can be written again; nothing else.
  @Test
  void damagedBytesAreRefusedOrHarmless() {
    List<Message> all = messages();
    int refused = 0;
    int understood = 0;
    for (long seed = 1; seed <= 60_000; seed++) {
      Prng prng = new Prng(seed);
      byte[] bytes = MessageCodec.encode(prng.pick(all)).array().clone();
      int changes = 1 + prng.nextInt(4);
      for (int i = 0; i < changes; i++) {
        bytes[prng.nextInt(bytes.length)] = (byte) prng.nextLong();
      }
      if (prng.nextInt(3) == 0) {
        bytes = java.util.Arrays.copyOf(bytes, prng.nextInt(bytes.length + 1));
      }
      try {
        Message message = MessageCodec.decode(Bytes.of(bytes));
        if (message != null) {
          Bytes again = MessageCodec.encode(message);
          assertThat(MessageCodec.decode(again)).as("seed %s", seed).isEqualTo(message);
        }
        understood++;
      } catch (DecodeException expected) {
        refused++;
      } catch (RuntimeException defect) {
        throw new AssertionError(
            String.format(Locale.ROOT, "seed %d: %s", seed, HexFormat.of().formatHex(bytes)),
            defect);
      }
    }
    assertThat(refused).isPositive();
    assertThat(understood).isPositive();
  }
}
