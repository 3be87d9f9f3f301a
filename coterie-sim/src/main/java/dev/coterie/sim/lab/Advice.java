// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.sim.lab.Failure.Kind;
import dev.coterie.sim.pbs.ClosedForms;
import dev.coterie.sim.pbs.Quorum;
import java.util.ArrayList;
import java.util.List;

/// What can be said of a scenario before it runs: what its quorums give, in one sentence, and which
/// common mistakes are in it.
///
/// @param miss the chance that a read quorum, drawn evenly, has none of the copies that
///   acknowledged the write
/// @param olderRead by the closed form, the chance that a client's read shows something older than
///   its last read of the key; of acknowledged writes alone, and while nothing fails
/// @param notNewerRead that it shows nothing newer though there is
/// @param busiestOwner the least share of a key's operations that its busiest owner takes part in,
///   by counting: R of N owners in each read and W in each write, shared out evenly
/// @param leastLoad by the closed form, the least such share of any quorums that miss each other as
///   seldom; not a number where reads and writes do not ask for as many, of which it says nothing
public record Advice(
    String sentence,
    List<Warning> warnings,
    double miss,
    double olderRead,
    double notNewerRead,
    double busiestOwner,
    double leastLoad) {
  /// A mistake that people make.
  public enum Code {
    /// R+W>N taken for linearizability.
    NOT_LINEARIZABLE,
    /// A sloppy quorum taken for a strict one.
    SLOPPY_IS_NOT_STRICT,
    /// Read repair without anti-entropy.
    REPAIR_NEEDS_READS,
    /// Nothing at all brings copies into step.
    NOTHING_REPAIRS,
    /// W=N taken for safe.
    ALL_MUST_WRITE,
    /// R=N: one node down stops reads.
    ALL_MUST_READ,
    /// R=1: an owner that has nothing answers, and a key is missing though it was written.
    ONE_MAY_KNOW_NOTHING,
    /// W=1: one disk is all there is of an acknowledged write for a while.
    ONE_COPY,
    /// A failure outlasts the run.
    FAILS_TO_THE_END,
    /// A failure would begin only when the run is over.
    NEVER_HAPPENS,
    /// Clients write what they last knew, without having read.
    BLIND_WRITES,
    /// Last-write-wins taken for safe.
    LWW_LOSES,
    /// Last-write-wins on skewed clocks.
    LWW_ON_SKEWED_CLOCKS
  }

  public record Warning(Code code, String sentence) {}

  public Advice {
    warnings = List.copyOf(warnings);
  }

  public static Advice on(Scenario scenario) {
    int n = (int) scenario.whole(Field.N);
    int r = (int) scenario.whole(Field.R);
    int w = (int) scenario.whole(Field.W);
    double miss = ClosedForms.miss(new Quorum(n, r, w));
    // Of a key all clients write so often, and one client reads so often, as its share is; and the
    // forms ask for the ratio alone.
    double reads = scenario.number(Field.READS) / 100;
    double writes = 1 - reads;
    double reading = reads / scenario.whole(Field.CLIENTS);
    return new Advice(
        sentence(scenario, n, r, w),
        warnings(scenario, n, r, w),
        miss,
        reading > 0 ? ClosedForms.olderThanLastRead(miss, writes, reading) : 0,
        reading > 0 ? ClosedForms.notNewerThanLastRead(miss, writes, reading) : 0,
        (reads * r + writes * w) / n,
        r == w ? ClosedForms.load(n, miss) : Double.NaN);
  }

  private static String sentence(Scenario scenario, int n, int r, int w) {
    int reads = n - r;
    int writes = n - w;
    StringBuilder text = new StringBuilder();
    text.append(r).append("+").append(w);
    if (!scenario.meets()) {
      text.append(" is not more than ").append(n);
      text.append(": a read may miss the newest acknowledged write");
    } else if (scenario.hasStandIns()) {
      text.append(" > ").append(n);
      text.append(": a read meets every acknowledged write as long as no other node stands in");
      text.append(" for an owner");
    } else {
      text.append(" > ").append(n);
      text.append(": every read meets every acknowledged write at one owner or more");
    }
    if (scenario.hasStandIns()) {
      return text.append("; other nodes stand in, so both go on with owners down.").toString();
    }
    if (reads == writes) {
      text.append("; both go on with ").append(down(reads)).append(" down");
    } else {
      text.append("; reads go on with ").append(down(reads)).append(" down, writes with ");
      text.append(down(writes));
    }
    if (scenario.on(Field.SLOPPY)) {
      text.append("; sloppy, but ").append(whyNobody(scenario, n)).append(" nobody can stand in");
    }
    return text.append('.').toString();
  }

  /// Of a sloppy quorum without stand-ins.
  private static String whyNobody(Scenario scenario, int n) {
    long nodes = scenario.whole(Field.NODES);
    return nodes > n ? "without hints" : "with " + nodes + " nodes for " + n + " copies";
  }

  private static String down(int owners) {
    return owners == 0 ? "no owner" : owners == 1 ? "1 owner" : owners + " owners";
  }

  private static void lastWriteWins(Scenario scenario, List<Warning> found) {
    found.add(
        new Warning(
            Code.LWW_LOSES,
            "Last-write-wins keeps one of the writes made at the same time: the others were"
                + " acknowledged, and are lost without a word."));
    long apart = 2 * scenario.whole(Field.SKEW);
    boolean set = false;
    for (Failure failure : scenario.failures()) {
      set |= failure.kind() == Kind.CLOCK;
    }
    if (apart > 0 || set) {
      found.add(
          new Warning(
              Code.LWW_ON_SKEWED_CLOCKS,
              "Last-write-wins on skewed clocks: of two writes that are closer together than the"
                  + " clocks are apart"
                  + (apart > 0 ? " (up to " + apart + " ms)" : "")
                  + ", the earlier may win."));
    }
  }

  private static List<Warning> warnings(Scenario scenario, int n, int r, int w) {
    List<Warning> found = new ArrayList<>();
    boolean standIns = scenario.hasStandIns();
    if (scenario.meets() && !standIns) {
      found.add(
          new Warning(
              Code.NOT_LINEARIZABLE,
              "R+W>N is not linearizability: while a write is under way, one read may show it and a"
                  + " later one may not; a write that failed may still appear."));
    }
    if (scenario.meets() && standIns) {
      found.add(
          new Warning(
              Code.SLOPPY_IS_NOT_STRICT,
              "A sloppy quorum is not a strict one: during a failure other nodes acknowledge, and a"
                  + " read of the owners can miss what they hold."));
    }
    boolean exchange = scenario.whole(Field.EXCHANGE) > 0 || scenario.whole(Field.TREES) > 0;
    boolean repair = !scenario.text(Field.REPAIR).equals("none");
    if (!exchange && repair) {
      found.add(
          new Warning(
              Code.REPAIR_NEEDS_READS,
              "Read repair without anti-entropy mends only what is read: a key that nobody asks for"
                  + " stays behind for ever."));
    }
    if (!exchange && !repair) {
      found.add(
          new Warning(
              Code.NOTHING_REPAIRS,
              "Neither read repair nor anti-entropy: a copy that missed a write"
                  + (scenario.on(Field.HINTS)
                      ? " has only hints to hope for."
                      : " never gets it.")));
    }
    if (w == n && !standIns) {
      found.add(
          new Warning(
              Code.ALL_MUST_WRITE,
              "W=N is not safer, only less available: one owner down stops the writes of its keys,"
                  + " and what was written at the others stays there."));
    }
    if (r == n && n > 1 && !standIns) {
      found.add(
          new Warning(Code.ALL_MUST_READ, "R=N: one owner down stops the reads of its keys."));
    }
    if (r == 1 && w < n) {
      found.add(
          new Warning(
              Code.ONE_MAY_KNOW_NOTHING,
              "R=1: one owner that has not heard of a key yet is enough to answer that it does not"
                  + " exist."));
    }
    if (w == 1 && n > 1) {
      found.add(
          new Warning(
              Code.ONE_COPY,
              "W=1: until the write has reached another owner, one disk is all there is of it."));
    }
    if (scenario.lastWriteWins()) {
      lastWriteWins(scenario, found);
    } else if (scenario.text(Field.WRITERS).equals("any")) {
      found.add(
          new Warning(
              Code.BLIND_WRITES,
              "Clients write with what they last knew of a key: many writes become siblings."));
    }
    for (Failure failure : scenario.failures()) {
      lasts(failure, scenario.whole(Field.TIME), found);
    }
    return found;
  }

  /// What goes on at the end of the run, or begins only then.
  private static void lasts(Failure failure, long seconds, List<Warning> found) {
    if (failure.at() >= seconds * 1000) {
      found.add(
          new Warning(
              Code.NEVER_HAPPENS,
              failure.text() + " never happens in this run, which ends at " + seconds + " s."));
    } else if (failure.until() >= seconds * 1000
        && failure.kind() != Kind.SLOW
        && failure.kind() != Kind.CLOCK) {
      found.add(
          new Warning(
              Code.FAILS_TO_THE_END,
              failure.text() + " lasts to the end of the run; it is mended then."));
    }
  }
}
