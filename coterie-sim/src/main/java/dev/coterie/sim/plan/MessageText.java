// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.codec.message.MessageCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.ExchangeMessage;
import dev.coterie.core.message.ExplainMessage;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.HintsView;
import dev.coterie.core.message.Incarnation;
import dev.coterie.core.message.MembershipMessage;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.ReplicaView;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.Rumour;
import dev.coterie.core.message.TreeEntry;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.message.TreeNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages between nodes as a person reads them in scripts and traces: the kind and what matters.
public final class MessageText {
  /// The kinds by the names that scripts give them: those of the records of
  /// [dev.coterie.core.message].
  public static final List<String> KINDS = kinds(Message.class);

  private MessageText() {}

  private static List<String> kinds(Class<?> type) {
    List<String> names = new ArrayList<>();
    if (type.isRecord()) {
      names.add(type.getSimpleName());
    }
    Class<?>[] below = type.getPermittedSubclasses();
    for (Class<?> each : below == null ? new Class<?>[0] : below) {
      names.addAll(kinds(each));
    }
    return List.copyOf(names);
  }

  /// The kind of an encoded message; empty where it cannot be read.
  public static String kindOf(Bytes message) {
    Message decoded = decode(message);
    return decoded == null ? "" : decoded.getClass().getSimpleName();
  }

  public static String of(Bytes message) {
    Message decoded = decode(message);
    return decoded == null ? "a message that cannot be read" : of(decoded);
  }

  private static @Nullable Message decode(Bytes message) {
    try {
      return MessageCodec.decode(message);
    } catch (DecodeException _) {
      return null;
    }
  }

  /// One that has been read.
  public static String of(Message message) {
    String kind = message.getClass().getSimpleName() + " ";
    return switch (message) {
      case ReplicaMessage.StoreReplica store ->
          kind
              + store.key()
              + " dot="
              + store.dot()
              + replaced(store.replaced())
              + " record="
              + OutcomeText.of(store.record());
      case ReplicaMessage.StoreReplicaReply reply -> kind + reply.status();
      case ReplicaMessage.ReadReplica read -> kind + read.key();
      case ReplicaMessage.ReadReplicaReply reply ->
          kind
              + reply.status()
              + " record="
              + OutcomeText.of(reply.record())
              + clock(reply.clock());
      case ReplicaMessage.RepairReplica repair ->
          kind
              + repair.key()
              + " record="
              + OutcomeText.of(repair.record())
              + clock(repair.clock());
      case ReplicaMessage.RepairReplicaReply _ -> kind.strip();
      case ReplicaMessage.CopyRequest request ->
          kind + request.group() + " for boot " + request.askerBoot();
      case ReplicaMessage.CopyReply reply -> {
        List<String> entries = new ArrayList<>();
        for (ReplicaMessage.CopyEntry entry : reply.entries()) {
          entries.add(entry.key() + "=" + OutcomeText.of(entry.record()));
        }
        yield kind
            + reply.group()
            + " for boot "
            + reply.askerBoot()
            + " "
            + entries
            + clock(reply.clock())
            + (reply.last() ? " last" : "");
      }
      case HandoffMessage.StoreHint store ->
          kind
              + store.key()
              + " for "
              + store.owner()
              + " dot="
              + store.dot()
              + replaced(store.replaced())
              + " record="
              + OutcomeText.of(store.record());
      case HandoffMessage.StoreHintReply reply -> kind + reply.status();
      case HandoffMessage.ReadHint read -> kind + read.key();
      case HandoffMessage.ReadHintReply reply ->
          kind + reply.status() + " record=" + OutcomeText.of(reply.record());
      case HandoffMessage.HintOffer offer -> kind + offer.group() + " hints=" + offer.hints();
      case HandoffMessage.HintCredit credit ->
          kind + credit.group() + " credits=" + credit.credits();
      case HandoffMessage.HandOff handOff ->
          kind + handOff.key() + " record=" + OutcomeText.of(handOff.record());
      case HandoffMessage.HandOffReply reply ->
          kind
              + reply.key()
              + " "
              + reply.status()
              + (reply.dots().isEmpty() ? "" : " [" + reply.dots() + "]");
      case ExchangeMessage.ExchangeRequest request ->
          kind + request.group() + clock(request.clock());
      case ExchangeMessage.ExchangeReply reply -> {
        List<String> lent = new ArrayList<>();
        for (ExchangeMessage.Lent each : reply.lent()) {
          lent.add(each.key() + "=" + OutcomeText.of(each.record()));
        }
        yield kind
            + reply.group()
            + " "
            + reply.status()
            + (lent.isEmpty() ? "" : " " + lent)
            + clock(reply.clock());
      }
      case ClusterMessage.ClosePromise promise -> kind + promise.below();
      case TreeMessage.TreeRequest request ->
          kind + request.terms().group() + " nodes=" + indexes(request.nodes());
      case TreeMessage.TreeReply reply ->
          kind
              + reply.terms().group()
              + " "
              + reply.status()
              + " nodes="
              + indexes(reply.nodes())
              + clock(reply.clock());
      case TreeMessage.LeafRequest request ->
          kind + request.terms().group() + " leaf " + request.leaf();
      case TreeMessage.LeafReply reply -> {
        List<String> values = new ArrayList<>();
        for (TreeEntry entry : reply.entries()) {
          values.add(entry.key() + entry.dot().toString());
        }
        yield kind
            + reply.terms().group()
            + " leaf "
            + reply.leaf()
            + " "
            + values
            + (reply.last() ? " last" : "");
      }
      case TreeMessage.KeysRequest request -> kind + request.terms().group() + " " + request.keys();
      case ClusterMessage.Forward(long _, long _, Request asked) ->
          kind + asked.getClass().getSimpleName() + " " + asked.key();
      case ClusterMessage.ForwardReply(long _, Outcome outcome) -> kind + OutcomeText.of(outcome);
      case ClusterMessage.PropertiesPush(long _, List<PropertiesEntry> entries) ->
          kind + buckets(entries);
      case ClusterMessage.PropertiesAck _ -> kind.strip();
      case ClusterMessage.PropertiesFetch _ -> kind.strip();
      case ClusterMessage.PropertiesReply(long _, boolean knows, List<PropertiesEntry> entries) ->
          kind + buckets(entries) + (knows ? "" : " may not know all");
      case MembershipMessage.Probe(long _, Incarnation at, List<Rumour> rumours) ->
          kind + at + rumours(rumours);
      case MembershipMessage.Ack(
              long _,
              NodeId about,
              Incarnation at,
              List<Rumour> rumours,
              long _) ->
          kind + about + " " + at + rumours(rumours);
      case MembershipMessage.IndirectProbe(long _, NodeId target, List<Rumour> rumours) ->
          kind + target + rumours(rumours);
      case MembershipMessage.Nack(long _, NodeId target, List<Rumour> rumours) ->
          kind + target + rumours(rumours);
      case ExplainMessage.ExplainReplica question -> kind + question.key();
      case ExplainMessage.ExplainReplicaReply(long _, ReplicaView view, HintsView hints) ->
          hints.told()
              ? kind + hints.held().size() + " hints"
              : kind
                  + view.health()
                  + " record="
                  + OutcomeText.of(view.record())
                  + clock(view.clock());
    };
  }

  private static String indexes(List<TreeNode> nodes) {
    List<String> indexes = new ArrayList<>();
    for (TreeNode node : nodes) {
      if (!node.sum().isZero()) {
        String tree = node.hour() == 0 ? "" : "hour " + node.hour() + "/";
        indexes.add(tree + node.index() + ":" + node.sum().count());
      }
    }
    return indexes.toString();
  }

  private static String rumours(List<Rumour> rumours) {
    return rumours.isEmpty() ? "" : " " + rumours;
  }

  private static String replaced(List<Dot> dots) {
    return dots.isEmpty() ? "" : " replaces=" + dots;
  }

  private static String clock(GroupClock clock) {
    return " clock=" + clock;
  }

  private static List<String> buckets(List<PropertiesEntry> entries) {
    List<String> names = new ArrayList<>();
    for (PropertiesEntry entry : entries) {
      names.add(entry.bucket() + " " + entry.dot());
    }
    return names;
  }
}
