// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.causality.HybridClock;
import dev.coterie.sim.lab.Anomaly.Code;
import dev.coterie.sim.lab.LabOperation.Result;
import dev.coterie.sim.lab.LabOperation.Verdict;
import dev.coterie.sim.lab.Recording.Fate;
import dev.coterie.sim.lab.Recording.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why reads went wrong. For a stale read and the newest acknowledged write that it missed: what
/// had become of that write's copy at the first owner whose answer counted and which lacked it.
final class Anomalies {
  static final int MAX = 10_000;

  private static final int MESSAGES_MAX = 64;

  /// Reads of a key that returned something unacknowledged and are remembered, to see whether a
  /// later one goes back.
  private static final int SHOWN_MAX = 32;

  /// Why an owner lacked the write.
  private record Cause(Code code, String sentence) {}

  /// A read that has returned a write which was not acknowledged.
  private record Shown(LabOperation read, LabOperation write) {}

  private final LabRun run;
  private final Trace trace;
  private final Recording recording;
  private final List<Anomaly> found = new ArrayList<>();

  private Anomalies(LabRun run) {
    this.run = run;
    this.trace = new Trace(run);
    this.recording = run.recording();
  }

  /// Everything that went wrong, in the order in which the reads ended; the first [#MAX]. Each read
  /// is told its number.
  static List<Anomaly> find(LabRun run) {
    Anomalies anomalies = new Anomalies(run);
    anomalies.find();
    return anomalies.found;
  }

  private void find() {
    List<LabOperation> reads = new ArrayList<>();
    for (LabOperation each : run.operations()) {
      if (!each.write && each.result == Result.OK) {
        reads.add(each);
      }
    }
    reads.sort(
        Comparator.comparingLong((LabOperation read) -> read.ended).thenComparing(r -> r.id));
    List<List<Shown>> shown = new ArrayList<>();
    for (int key = 0; key < run.scenario().whole(Field.KEYS); key++) {
      shown.add(new ArrayList<>());
    }
    for (LabOperation read : reads) {
      if (found.size() >= MAX) {
        return;
      }
      List<Shown> before = shown.get(read.key);
      if (read.verdict == Verdict.STALE) {
        add(read, trace.operation(read.newest));
      } else {
        wentBack(read, before);
      }
      for (int id : read.versions) {
        LabOperation write = trace.operation(id);
        if (!write.isAcked() || write.ended > read.ended) {
          before.add(new Shown(read, write));
        }
      }
      while (before.size() > SHOWN_MAX) {
        Shown unused = before.removeFirst();
      }
    }
  }

  /// Whether a read before this one had shown something that this one does not, and that nobody had
  /// been promised yet.
  private void wentBack(LabOperation read, List<Shown> before) {
    for (Shown each : before) {
      boolean promised = each.write().isAcked() && each.write().ended < read.began;
      if (each.read().ended < read.began
          && !promised
          && !trace.covers(read.versions, each.write())) {
        String name = "w" + each.write().id;
        add(
            read,
            each.write(),
            new Cause(
                Code.UNACKED_NEWER,
                "read "
                    + each.read().id
                    + " had returned "
                    + name
                    + " at "
                    + at(each.read().ended)
                    + ", which was not acknowledged "
                    + (each.write().isAcked() ? "until " + at(each.write().ended) : "to anybody")
                    + "; this read came later and went back behind it"));
        return;
      }
    }
  }

  private void add(LabOperation read, LabOperation write) {
    add(read, write, cause(read, write));
  }

  private void add(LabOperation read, LabOperation write, Cause cause) {
    read.anomaly = found.size();
    found.add(
        new Anomaly(
            found.size(),
            cause.code(),
            read.id,
            write.id,
            read.key,
            read.ended,
            cause.sentence(),
            evidence(read, write),
            otherwise(read, write, cause.code()),
            messages(read, write)));
  }

  private List<String> otherwise(LabOperation read, LabOperation write, Code code) {
    return switch (code) {
      case UNACKED_NEWER -> List.of("a read whose client has a session does not go back");
      case CLOCK_SKEW_LWW ->
          List.of(
              "with clocks that are right, to less than a ms, "
                  + name(write)
                  + " would have won, and the other one been lost",
              "with siblings both would have been kept (conflict=siblings)");
      case RACE_IN_FLIGHT,
          FAST_SUBSET,
          PARTITION_DROP,
          LOSS,
          REPLICA_DOWN,
          REPLICA_PAUSED,
          SLOPPY_DISJOINT,
          HINT_PENDING,
          HINT_LOST,
          AMNESIA,
          UNEXPLAINED ->
          new Alternatives(run, trace, read, write).sentences();
    };
  }

  // Why

  private Cause cause(LabOperation read, LabOperation write) {
    if (read.hidesNewest) {
      return skewed(trace.operation(read.versions[0]), write);
    }
    Cause standIns = disjoint(read, write);
    if (standIns != null) {
      return standIns;
    }
    Cause last = null;
    for (int i = 0; i < read.counted.length; i++) {
      int node = read.counted[i];
      if (read.asOwner[i]) {
        Cause cause = cause(write, node, trace.lookedAt(read, node));
        if (cause.code() != Code.UNEXPLAINED) {
          return cause.code() == Code.RACE_IN_FLIGHT ? fastSubset(read, write, node, cause) : cause;
        }
        last = cause;
      }
    }
    return last != null
        ? last
        : new Cause(
            Code.SLOPPY_DISJOINT,
            "only stand-ins answered ("
                + letters(read.counted)
                + "), and none of them had taken "
                + name(write));
  }

  /// Last-write-wins has thrown away what was written last.
  private static Cause skewed(LabOperation winner, LabOperation write) {
    return new Cause(
        Code.CLOCK_SKEW_LWW,
        name(write)
            + " took effect at "
            + at(write.mintedAt)
            + " at "
            + letter(write.mintedBy)
            + ", "
            + at(write.mintedAt - winner.mintedAt)
            + " after "
            + name(winner)
            + " at "
            + letter(winner.mintedBy)
            + (isSameMillisecond(write, winner)
                ? ", but both have timestamps of the same ms, and the other's is the higher one ("
                : ", but its timestamp is the earlier one (")
            + ahead(write)
            + ", that of "
            + name(winner)
            + " "
            + ahead(winner)
            + "): last-write-wins shows "
            + name(winner)
            + ", and "
            + name(write)
            + " is lost");
  }

  private static boolean isSameMillisecond(LabOperation one, LabOperation other) {
    return HybridClock.millisOf(one.stamp) == HybridClock.millisOf(other.stamp);
  }

  private static String ahead(LabOperation write) {
    return write.ahead == 0
        ? "right to the ms"
        : Math.abs(write.ahead) + " ms " + (write.ahead > 0 ? "ahead" : "behind");
  }

  /// R+W>N, but not among the owners.
  private @Nullable Cause disjoint(LabOperation read, LabOperation write) {
    if (!run.scenario().meets()) {
      return null;
    }
    List<Integer> standIns = new ArrayList<>();
    for (int i = 0; i < write.counted.length; i++) {
      if (contains(read.counted, write.counted[i])) {
        return null;
      }
      if (!write.asOwner[i]) {
        standIns.add(write.counted[i]);
      }
    }
    boolean readByStandIn = false;
    for (boolean owner : read.asOwner) {
      readByStandIn |= !owner;
    }
    if (standIns.isEmpty() && !readByStandIn) {
      return null;
    }
    return new Cause(
        Code.SLOPPY_DISJOINT,
        name(write)
            + " was acknowledged by "
            + letters(write.counted)
            + (standIns.isEmpty() ? "" : ", of which " + letters(standIns) + " stood in for owners")
            + "; the read was answered by "
            + letters(read.counted)
            + ": the two did not meet");
  }

  private Cause fastSubset(LabOperation read, LabOperation write, int node, Cause otherwise) {
    for (LabOperation.Answer answer : read.answers) {
      if (!contains(read.counted, answer.node()) && trace.covers(answer.versions(), write)) {
        return new Cause(
            Code.FAST_SUBSET,
            letter(answer.node())
                + " was asked too and had "
                + name(write)
                + ", but "
                + letter(node)
                + "'s answer was there first, and R="
                + run.scenario().whole(Field.R)
                + " was enough");
      }
    }
    return otherwise;
  }

  /// What had become of the copy of `write` for `node` when that answered the read at `looked`.
  private Cause cause(LabOperation write, int node, long looked) {
    long lost = trace.lostBefore(node, write, looked);
    if (lost >= 0) {
      return new Cause(
          Code.AMNESIA,
          letter(node) + " had " + name(write) + " and lost it at " + at(lost) + " with its disk");
    }
    int copy = -1;
    for (int entry : trace.messagesOf(write)) {
      if (trace.is(entry, MessageKind.STORE_REPLICA) && recording.b(entry) == node) {
        copy = entry;
      }
    }
    Cause first = copy < 0 ? notSent(write, node) : sent(write, node, copy, looked);
    boolean hintable = first.code() != Code.RACE_IN_FLIGHT && run.scenario().on(Field.HINTS);
    return hintable ? hint(write, node, looked, first) : first;
  }

  private Cause sent(LabOperation write, int node, int copy, long looked) {
    String what = "the copy of " + name(write) + " for " + letter(node);
    int from = recording.a(copy);
    String left = letter(from) + " had sent it at " + at(recording.at(copy));
    return switch (recording.fate(copy)) {
      case CUT ->
          new Cause(
              Code.PARTITION_DROP,
              what
                  + " was lost at the cut between "
                  + letter(from)
                  + " and "
                  + letter(node)
                  + "; "
                  + left);
      case LOSS -> new Cause(Code.LOSS, what + " was lost on the way; " + left);
      case DOWN -> new Cause(Code.REPLICA_DOWN, what + " found " + letter(node) + " down; " + left);
      case TAKEN, UNDER_WAY -> came(write, node, copy, looked, what);
    };
  }

  private Cause came(LabOperation write, int node, int copy, long looked, String what) {
    long arrives = recording.y(copy);
    if (arrives > looked) {
      return new Cause(
          Code.RACE_IN_FLIGHT,
          name(write)
              + " was acknowledged at "
              + at(write.ended)
              + "; "
              + what
              + " arrived at "
              + at(arrives)
              + ", and "
              + letter(node)
              + " had answered the read at "
              + at(looked));
    }
    if (trace.stateAt(node, arrives) == State.PAUSED) {
      long[] pause = trace.spanAt(node, arrives);
      return new Cause(
          Code.REPLICA_PAUSED,
          letter(node)
              + " stood still from "
              + at(pause[0])
              + " to "
              + at(pause[1])
              + ": "
              + what
              + " came at "
              + at(arrives)
              + " and lay in its inbox, behind the read or too old");
    }
    if (trace.stateAt(node, arrives) != State.UP) {
      return new Cause(
          Code.REPLICA_DOWN, what + " came at " + at(arrives) + ", while the node did not serve");
    }
    return new Cause(
        Code.UNEXPLAINED,
        what + " arrived at " + at(arrives) + " and is not there at " + at(looked));
  }

  private Cause notSent(LabOperation write, int node) {
    int from = write.mintedBy;
    String what =
        letter(from) + " sent no copy of " + name(write) + " to " + letter(node) + ", which it ";
    if (trace.isCut(from, node, write.mintedAt) || trace.isCut(node, from, write.mintedAt)) {
      return new Cause(
          Code.PARTITION_DROP, what + "knew to be out of reach: there was a cut between them");
    }
    if (trace.stateAt(node, write.mintedAt) != State.UP) {
      return new Cause(Code.REPLICA_DOWN, what + "knew to be down");
    }
    return new Cause(Code.UNEXPLAINED, what + "took for unreachable");
  }

  /// Where the copy did not come and what stopped it is over, the hint should have brought it.
  private Cause hint(LabOperation write, int node, long looked, Cause first) {
    for (int entry : trace.messagesOf(write)) {
      boolean kept =
          trace.is(entry, MessageKind.STORE_HINT)
              && recording.fate(entry) == Fate.TAKEN
              && recording.y(entry) <= looked;
      if (!kept) {
        continue;
      }
      int holder = recording.b(entry);
      String since =
          letter(holder)
              + " kept "
              + name(write)
              + " for "
              + letter(node)
              + " since "
              + at(recording.y(entry));
      long down = trace.downBetween(holder, recording.y(entry), looked);
      if (down >= 0
          && !run.replicas().holds(holder, write.key, write.id)
          && hintsAt(holder, down) == 0) {
        return new Cause(Code.HINT_LOST, since + " and lost it as it went down at " + at(down));
      }
      boolean apart =
          trace.isCut(holder, node, looked)
              || trace.isCut(node, holder, looked)
              || trace.stateAt(holder, looked) != State.UP
              || trace.stateAt(node, looked) != State.UP;
      if (!apart) {
        return new Cause(Code.HINT_PENDING, since + " and had not handed it over at " + at(looked));
      }
    }
    return first;
  }

  /// How many hints `node` held just after `micros`.
  private int hintsAt(int node, long micros) {
    return recording.moment(micros).hints()[node];
  }

  // What is shown beside it

  private List<String> evidence(LabOperation read, LabOperation write) {
    List<String> lines = new ArrayList<>();
    lines.add(
        name(write)
            + (write.mintedBy < 0
                ? " took no effect"
                : " took effect at " + letter(write.mintedBy) + " at " + at(write.mintedAt))
            + (write.isAcked()
                ? ", was acknowledged at " + at(write.ended) + " by " + letters(write.counted)
                : ", was not acknowledged"));
    for (int entry : trace.messagesOf(write)) {
      if (trace.is(entry, MessageKind.STORE_REPLICA) || trace.is(entry, MessageKind.STORE_HINT)) {
        lines.add(
            "its "
                + (trace.is(entry, MessageKind.STORE_HINT) ? "hint" : "copy")
                + " for "
                + letter(recording.b(entry))
                + " left "
                + letter(recording.a(entry))
                + " at "
                + at(recording.at(entry))
                + " and "
                + fate(entry));
      }
    }
    lines.add(
        "the read began at "
            + at(read.began)
            + " through "
            + letter(read.via)
            + ", R="
            + run.scenario().whole(Field.R)
            + ", and ended at "
            + at(read.ended));
    for (int i = 0; i < read.counted.length; i++) {
      int node = read.counted[i];
      long looked = trace.lookedAt(read, node);
      lines.add(
          letter(node)
              + (read.asOwner[i] ? "" : ", a stand-in,")
              + " answered at "
              + at(looked)
              + (trace.hasAt(node, write, looked) ? " with it" : " without it"));
    }
    for (int owner : run.replicas().owners(read.key)) {
      if (!contains(read.counted, owner)) {
        lines.add(
            letter(owner)
                + ", an owner too, "
                + (trace.hasAt(owner, write, read.ended) ? "had it" : "did not have it")
                + " when the read ended");
      }
    }
    return lines;
  }

  private String fate(int entry) {
    return switch (recording.fate(entry)) {
      case TAKEN -> "arrived at " + at(recording.y(entry));
      case UNDER_WAY -> "is still on its way";
      case CUT -> "was lost at a cut";
      case LOSS -> "was lost";
      case DOWN -> "found nobody";
    };
  }

  private List<Integer> messages(LabOperation read, LabOperation write) {
    List<Integer> entries = new ArrayList<>(trace.messagesOf(write));
    entries.addAll(trace.messagesOf(read));
    entries.sort(null);
    return entries.subList(0, Math.min(entries.size(), MESSAGES_MAX));
  }

  private static boolean contains(int[] nodes, int node) {
    for (int each : nodes) {
      if (each == node) {
        return true;
      }
    }
    return false;
  }

  private static String name(LabOperation write) {
    return "w" + write.id;
  }

  private static String letter(int node) {
    return node < 0 ? "nobody" : Failure.letter(node);
  }

  private static String letters(int[] nodes) {
    List<Integer> list = new ArrayList<>();
    for (int node : nodes) {
      list.add(node);
    }
    return letters(list);
  }

  private static String letters(List<Integer> nodes) {
    StringBuilder text = new StringBuilder();
    for (int node : nodes) {
      text.append(text.isEmpty() ? "" : ", ").append(letter(node));
    }
    return text.isEmpty() ? "nobody" : text.toString();
  }

  private static String at(long micros) {
    return Alternatives.millis(micros) + " ms";
  }
}
