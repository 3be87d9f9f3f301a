// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.codec.message.MessageCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.HybridClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.ExchangeMessage;
import dev.coterie.core.message.ExplainMessage;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.MembershipMessage;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.ring.GroupId;
import dev.coterie.sim.history.History;
import dev.coterie.sim.plan.MessageText;
import dev.coterie.sim.world.SimClock;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What one message of a run carried, in words, and the group clocks of both its ends. A recording
/// holds neither: the scenario is played once more, up to this message, and looked into there.
///
/// @param lines what it carried, such as `dot` and which one
/// @param sender the sender's clock of the group as it left; empty where it is about no group
/// @param receiver the receiver's as it came, before it was taken in; empty where it never came
public record MessageBody(List<Line> lines, String sender, String receiver) {
  /// Characters of a line; what is longer is cut, and says so.
  private static final int LINE_MAX = 1200;

  /// A part of a message.
  public record Line(String what, String text) {}

  public MessageBody {
    lines = List.copyOf(lines);
  }

  /// Looks at one message of a run while it is played. One entry, one message.
  static final class Look {
    private final int entry;
    private @Nullable Message message;
    private @Nullable ObjectKey key;
    private GroupClock sender = GroupClock.EMPTY;
    private GroupClock receiver = GroupClock.EMPTY;
    private boolean came;
    private boolean over;

    Look(int entry) {
      this.entry = entry;
    }

    /// A message leaves, and has been given the entry `number`.
    ///
    /// @param about the key of the operation that it serves; null for none
    /// @param lost at once
    void left(LabRun run, int number, Bytes bytes, @Nullable ObjectKey about, boolean lost) {
      if (number == entry) {
        try {
          message = MessageCodec.decode(bytes);
        } catch (DecodeException e) {
          throw new IllegalStateException("a node sent what cannot be read", e);
        }
        key = about;
        sender = clock(run, run.recording().a(entry));
        over = lost;
      }
    }

    /// @param taken whether somebody was there
    void arrived(LabRun run, int number, boolean taken) {
      if (number == entry) {
        over = true;
        came = taken;
        receiver = taken ? clock(run, run.recording().b(entry)) : GroupClock.EMPTY;
      }
    }

    private GroupClock clock(LabRun run, int node) {
      GroupId group = group(run);
      return group == null ? GroupClock.EMPTY : run.nodes().get(node).shards().clockOf(group);
    }

    /// What it is about; null for nothing of the kind.
    private @Nullable GroupId group(LabRun run) {
      return switch (message) {
        case ReplicaMessage about -> about.group();
        case HandoffMessage about -> about.group();
        case ExchangeMessage about -> about.group();
        case TreeMessage about -> about.terms().group();
        case ClusterMessage _ -> key == null ? null : groupOf(run, key);
        case MembershipMessage _, ExplainMessage _ -> null;
        case null -> null;
      };
    }

    private static GroupId groupOf(LabRun run, ObjectKey key) {
      World world = run.world();
      return new GroupId(
          (int) run.scenario().whole(Field.N),
          world.placement().ring().partitionOf(key.hash(world.nodeConfig().ringKey())));
    }
  }

  /// What the message of a `SENT` entry carried; null where `goesOn` said no before it was found
  /// out.
  public static @Nullable MessageBody of(Played played, int entry, BooleanSupplier goesOn) {
    Look look = new Look(entry);
    LabRun run = new LabRun(played.scenario(), played.recording().size() + 1);
    run.wire().look(look);
    boolean[] stopped = new boolean[1];
    Summary _ =
        run.measure(
            _ -> {
              stopped[0] = !look.over && !goesOn.getAsBoolean();
              return !look.over && !stopped[0];
            });
    Message message = look.message;
    if (message == null || stopped[0]) {
      return null;
    }
    boolean grouped = look.group(run) != null;
    return new MessageBody(
        new Words(run, played.recording().x(entry)).of(message),
        grouped ? named(look.sender.toString()) : "",
        grouped && look.came ? named(look.receiver.toString()) : "");
  }

  private static final Pattern NODE = Pattern.compile("\\bn(\\d+)\\b");
  private static final Pattern FILLING = Pattern.compile("\\.{4,}");

  /// With the short names of nodes, as everywhere in the Lab, and without what fills values up.
  private static String named(String text) {
    String named =
        NODE.matcher(FILLING.matcher(text).replaceAll("…"))
            .replaceAll(found -> Failure.letter(Integer.parseInt(found.group(1)) - 1));
    return named.length() <= LINE_MAX
        ? named
        : named.substring(0, LINE_MAX)
            + "… and "
            + (named.length() - LINE_MAX)
            + " characters more";
  }

  /// Tells a message's parts.
  private static final class Words {
    private final LabRun run;
    private final @Nullable LabOperation operation;
    private final List<Line> lines = new ArrayList<>();

    Words(LabRun run, int operation) {
      this.run = run;
      this.operation = run.operation(operation);
    }

    List<Line> of(Message message) {
      switch (message) {
        case ReplicaMessage about -> replica(about);
        case HandoffMessage about -> handoff(about);
        case ClusterMessage.Forward(long _, long _, Request asked) -> forward(asked);
        case ClusterMessage.ForwardReply(long _, Outcome outcome) -> outcome(outcome, message);
        case ClusterMessage about -> whole(about);
        case ExchangeMessage.ExchangeRequest about -> clock(about.clock());
        case ExchangeMessage.ExchangeReply about -> {
          say("says", word(about.status()));
          clock(about.clock());
          say("lends", about.lent().size() + " records");
          about.lent().forEach(each -> record(key(each.key()), each.record()));
        }
        case TreeMessage about -> whole(about);
        case MembershipMessage about -> whole(about);
        case ExplainMessage about -> whole(about);
      }
      return lines;
    }

    private void replica(ReplicaMessage message) {
      switch (message) {
        case ReplicaMessage.StoreReplica store -> {
          say("key", key(store.key()));
          write(store.dot(), store.replaced(), store.record(), store.wish());
        }
        case ReplicaMessage.StoreReplicaReply reply -> {
          say("says", word(reply.status()));
          quorum();
        }
        case ReplicaMessage.ReadReplica read -> {
          say("key", key(read.key()));
          say("asks", read.digest() ? "for dots and context, not for values" : "for the record");
          quorum();
        }
        case ReplicaMessage.ReadReplicaReply reply -> {
          say("says", word(reply.status()));
          record(reply.digest() ? "record, without values" : "record", reply.record());
          clock(reply.clock());
          say("queue", reply.queue() + " more waited behind the question");
          quorum();
        }
        case ReplicaMessage.RepairReplica repair -> {
          say("key", key(repair.key()));
          record("record", repair.record());
          clock(repair.clock());
          say("asks", repair.request() == 0 ? "for no answer" : "for an answer: a client waits");
        }
        case ReplicaMessage.RepairReplicaReply _ -> say("says", "mended, and synced");
        case ReplicaMessage.CopyRequest about -> whole(about);
        case ReplicaMessage.CopyReply about -> whole(about);
      }
    }

    private void write(Dot dot, List<Dot> replaced, KeyRecord record, ReplicaMessage.AckWish wish) {
      say("dot", dot.toString());
      if (!replaced.isEmpty()) {
        say("replaces", replaced.toString());
      }
      record("record", record);
      say("asks", "to be acknowledged once it is " + wish(wish));
      quorum();
    }

    private void handoff(HandoffMessage message) {
      switch (message) {
        case HandoffMessage.StoreHint store -> {
          say("key", key(store.key()));
          say("instead of", store.owner().toString());
          write(store.dot(), store.replaced(), store.record(), store.wish());
        }
        case HandoffMessage.StoreHintReply reply -> {
          say("says", word(reply.status()));
          quorum();
        }
        case HandoffMessage.ReadHint read -> {
          say("key", key(read.key()));
          say("asks", "for what is kept for owners that are away");
          quorum();
        }
        case HandoffMessage.ReadHintReply reply -> {
          say("says", word(reply.status()));
          record("record", reply.record());
          quorum();
        }
        case HandoffMessage.HintOffer offer -> say("offers", offer.hints() + " hints");
        case HandoffMessage.HintCredit credit -> say("lets come", credit.credits() + " hints");
        case HandoffMessage.HandOff given -> {
          say("key", key(given.key()));
          record("record", given.record());
        }
        case HandoffMessage.HandOffReply reply -> {
          say("key", key(reply.key()));
          say("says", word(reply.status()));
        }
      }
    }

    private void forward(Request asked) {
      say("key", key(asked.key()));
      switch (asked) {
        case Request.Get _ -> say("asks", "to read for a client");
        case Request.Put put -> {
          say("asks", "to write for a client: " + value(put.operation(), put.value()));
          context("client had seen", put.context());
        }
        case Request.Delete delete -> {
          say("asks", "to delete for a client");
          context("client had seen", delete.context());
        }
      }
      quorum();
    }

    private void outcome(Outcome outcome, Message message) {
      switch (outcome) {
        case Outcome.Found found -> {
          say("says", "found");
          record("record", found.record());
        }
        case Outcome.Applied applied -> {
          say("says", "written");
          record("record", applied.record());
        }
        case Outcome.NotFound _, Outcome.Rejected _, Outcome.Indeterminate _ -> whole(message);
      }
      quorum();
    }

    /// How many such are waited for, by the operation that it serves.
    private void quorum() {
      LabOperation asked = operation;
      if (asked != null) {
        Scenario scenario = run.scenario();
        say(
            "quorum",
            asked.write
                ? "W=" + scenario.text(Field.W) + " durable copies of " + scenario.text(Field.N)
                : "R=" + scenario.text(Field.R) + " replies of " + scenario.text(Field.N));
      }
    }

    private void record(String what, KeyRecord record) {
      if (record.isEmpty()) {
        say(what, "nothing");
        return;
      }
      StringBuilder values = new StringBuilder();
      for (Sibling each : record.siblings()) {
        values.append(values.isEmpty() ? "" : " and ");
        values
            .append(value(each.operation(), each.value()))
            .append(" with dot ")
            .append(each.dot());
        if (each.stamp() != 0) {
          values.append(
              String.format(
                  Locale.ROOT,
                  ", stamped %d ms",
                  HybridClock.millisOf(each.stamp()) - SimClock.EPOCH_MILLIS));
        }
      }
      say(what, values.isEmpty() ? "deleted" : values.toString());
      context("context", record.context());
    }

    private void context(String what, CausalContext context) {
      say(what, context.isEmpty() ? "nothing" : context.toString());
    }

    private void clock(GroupClock clock) {
      say("clock", clock.toString());
    }

    private void whole(Message message) {
      say("message", MessageText.of(message));
    }

    private void say(String what, String text) {
      lines.add(new Line(what, named(text)));
    }

    private String key(ObjectKey key) {
      int number = run.keyNumber(key);
      return number < 0 ? key.toString() : Played.key(number);
    }

    private static String value(Bytes operation, Bytes value) {
      int id = History.idOf(operation);
      return (id > 0 ? "w" + id : "a value")
          + (value.length() == 0 ? "" : " (" + value.length() + " bytes)");
    }

    private static String wish(ReplicaMessage.AckWish wish) {
      return switch (wish) {
        case BUFFERED -> "written";
        case SYNCED -> "synced";
        case BOTH -> "written, and again once it is synced";
      };
    }

    private static String word(Enum<?> status) {
      return status.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }
}
