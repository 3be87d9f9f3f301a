// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.quorum.WriteTally.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The tallies against a deliberately dumb oracle, over all small cases: every fate of up to four
/// replicas, every way to put them on machines, every number of the spec.
///
/// The oracle is the definition. *Met*: enough distinct machines, for each number. *Unreachable*:
/// whatever those that have not ended still answer, it is never met. *Waiting*: neither.
class TallyLawsTest {
  private enum Fate {
    SILENT,
    FAILED,
    BUFFERED,
    SYNCED,
    /// Has a buffered copy, and said that it will not sync it.
    STUCK
  }

  private static final String[] MACHINES = {"m0", "m1", "m2", "m3"};

  private static NodeId node(int i) {
    return new NodeId("n" + i);
  }

  /// All ways to put `count` replicas on machines: `machine[i]` is at most one above those before.
  private static List<int[]> partitions(int count) {
    List<int[]> all = new ArrayList<>();
    collect(new int[count], 0, 0, all);
    return all;
  }

  private static void collect(int[] machine, int at, int used, List<int[]> all) {
    if (at == machine.length) {
      all.add(machine.clone());
      return;
    }
    for (int i = 0; i <= used && i < MACHINES.length; i++) {
      machine[at] = i;
      collect(machine, at + 1, Math.max(used, i + 1), all);
    }
  }

  private static <T> List<List<T>> words(T[] letters, int length) {
    List<List<T>> all = new ArrayList<>();
    all.add(List.of());
    for (int i = 0; i < length; i++) {
      List<List<T>> longer = new ArrayList<>();
      for (List<T> word : all) {
        for (T letter : letters) {
          List<T> more = new ArrayList<>(word);
          more.add(letter);
          longer.add(more);
        }
      }
      all = longer;
    }
    return all;
  }

  private static List<Target> targets(int[] machine, int primaries) {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < machine.length; i++) {
      targets.add(new Target(node(i), MACHINES[machine[i]], (primaries >> i & 1) == 1));
    }
    return targets;
  }

  private static QuorumSpec spec(
      int n, int r, int w, int pr, int pw, int dw, int confirms, Durability durability) {
    return new QuorumSpec(n, r, w, pr, pw, dw, confirms, true, false, durability);
  }

  // Writes

  private static boolean holds(Fate fate, boolean synced) {
    return fate == Fate.SYNCED || (!synced && (fate == Fate.BUFFERED || fate == Fate.STUCK));
  }

  private static int machines(
      List<Target> targets, List<Fate> fates, boolean primariesOnly, boolean synced) {
    TreeSet<String> machines = new TreeSet<>();
    for (int i = 0; i < targets.size(); i++) {
      if (holds(fates.get(i), synced) && (!primariesOnly || targets.get(i).primary())) {
        machines.add(targets.get(i).machine());
      }
    }
    return machines.size();
  }

  private static boolean met(QuorumSpec spec, List<Target> targets, List<Fate> fates) {
    boolean synced = spec.durability() == Durability.SYNCED;
    return machines(targets, fates, false, synced) >= spec.w()
        && machines(targets, fates, true, synced) >= spec.pw()
        && machines(targets, fates, false, true) >= spec.dw()
        && machines(targets, fates, false, synced) >= spec.nodeConfirms();
  }

  /// Tries everything that may still come.
  private static boolean canBeMet(
      QuorumSpec spec, List<Target> targets, List<Fate> fates, int from) {
    if (met(spec, targets, fates)) {
      return true;
    }
    for (int i = from; i < fates.size(); i++) {
      Fate now = fates.get(i);
      if (now == Fate.SILENT || now == Fate.BUFFERED) {
        List<Fate> later = new ArrayList<>(fates);
        later.set(i, Fate.SYNCED);
        if (canBeMet(spec, targets, later, i + 1)) {
          return true;
        }
      }
    }
    return false;
  }

  private static WriteTally tally(
      QuorumSpec spec, List<Target> targets, List<Fate> fates, boolean backwards) {
    WriteTally tally = new WriteTally(spec, targets);
    for (int k = 0; k < fates.size(); k++) {
      int i = backwards ? fates.size() - 1 - k : k;
      switch (fates.get(i)) {
        case SILENT -> {}
        case FAILED -> tally.failed(node(i));
        case BUFFERED -> tally.acked(node(i), Durability.BUFFERED);
        case SYNCED -> {
          tally.acked(node(i), Durability.BUFFERED);
          tally.acked(node(i), Durability.SYNCED);
          // What comes late or twice changes nothing.
          tally.acked(node(i), Durability.BUFFERED);
          tally.failed(node(i));
        }
        case STUCK -> {
          tally.acked(node(i), Durability.BUFFERED);
          tally.failed(node(i));
          tally.failed(node(i));
        }
      }
    }
    tally.acked(new NodeId("stranger"), Durability.SYNCED);
    return tally;
  }

  private static String name(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Met _ -> "met";
      case Verdict.Waiting _ -> "waiting";
      case Verdict.Unreachable _ -> "unreachable";
    };
  }

  private static long judgeWrites(
      List<Target> targets, List<List<Fate>> allFates, List<QuorumSpec> specs) {
    long cases = 0;
    for (List<Fate> fates : allFates) {
      for (QuorumSpec spec : specs) {
        String expected =
            met(spec, targets, fates)
                ? "met"
                : canBeMet(spec, targets, fates, 0) ? "waiting" : "unreachable";
        String forwards = name(tally(spec, targets, fates, false).verdict());
        String backwards = name(tally(spec, targets, fates, true).verdict());
        if (!forwards.equals(expected) || !backwards.equals(expected)) {
          assertThat(forwards + "/" + backwards)
              .as("%s %s %s", spec, targets, fates)
              .isEqualTo(expected + "/" + expected);
        }
        cases++;
      }
    }
    return cases;
  }

  @Test
  void aWriteTallyIsItsDefinition() {
    long cases = 0;
    for (int n = 1; n <= 3; n++) {
      List<QuorumSpec> specs = new ArrayList<>();
      for (int w = 1; w <= n; w++) {
        for (int pw = 0; pw <= w; pw++) {
          for (int dw = 0; dw <= w; dw++) {
            for (int confirms = 0; confirms <= n; confirms++) {
              specs.add(spec(n, 1, w, 0, pw, dw, confirms, Durability.SYNCED));
              specs.add(spec(n, 1, w, 0, pw, dw, confirms, Durability.BUFFERED));
            }
          }
        }
      }
      for (int[] machine : partitions(n)) {
        for (int primaries = 0; primaries < 1 << n; primaries++) {
          cases += judgeWrites(targets(machine, primaries), words(Fate.values(), n), specs);
        }
      }
    }
    assertThat(cases).isGreaterThan(400_000);
  }

  @Test
  void aWriteTallyOfFourIsItsDefinitionToo() {
    List<QuorumSpec> specs = new ArrayList<>();
    for (int w = 1; w <= 4; w++) {
      for (int dw = 0; dw <= w; dw++) {
        specs.add(spec(4, 1, w, 0, 0, dw, 0, Durability.SYNCED));
        specs.add(spec(4, 1, w, 0, 0, dw, 0, Durability.BUFFERED));
      }
    }
    long cases = 0;
    for (int[] machine : partitions(4)) {
      cases += judgeWrites(targets(machine, 0b1111), words(Fate.values(), 4), specs);
    }
    assertThat(cases).isGreaterThan(200_000);
  }

  /// Of what `fates` say is synced, the largest set in which no two share a machine or an owner.
  private static int most(List<Target> targets, List<Integer> places, List<Fate> fates, int from) {
    if (from == fates.size()) {
      return 0;
    }
    int without = most(targets, places, fates, from + 1);
    if (fates.get(from) != Fate.SYNCED) {
      return without;
    }
    List<Fate> rest = new ArrayList<>(fates);
    for (int i = from + 1; i < rest.size(); i++) {
      if (places.get(i).equals(places.get(from))
          || targets.get(i).machine().equals(targets.get(from).machine())) {
        rest.set(i, Fate.FAILED);
      }
    }
    return Math.max(without, 1 + most(targets, places, rest, from + 1));
  }

  /// An owner and the fallbacks that stood in for it are one copy, for what a fallback holds goes
  /// to that owner.
  @Test
  void anOwnerAndItsStandInsCountOnce() {
    int owners = 3;
    Integer[] ownersOf = {0, 1, 2};
    Fate[] ends = {Fate.SILENT, Fate.FAILED, Fate.SYNCED};
    long cases = 0;
    for (int[] machine : partitions(owners + 2)) {
      List<Target> targets = targets(machine, 0b00111);
      for (List<Integer> standIns : words(ownersOf, 2)) {
        List<Integer> places = new ArrayList<>(List.of(ownersOf));
        places.addAll(standIns);
        for (List<Fate> fates : words(ends, owners + 2)) {
          List<Fate> best =
              fates.stream().map(fate -> fate == Fate.SILENT ? Fate.SYNCED : fate).toList();
          for (int w = 1; w <= owners; w++) {
            WriteTally tally =
                new WriteTally(
                    spec(owners, 1, w, 0, 0, 0, 0, Durability.SYNCED), targets.subList(0, owners));
            for (int i = owners; i < targets.size(); i++) {
              tally.standIn(targets.get(i), node(places.get(i)));
            }
            for (int i = 0; i < targets.size(); i++) {
              switch (fates.get(i)) {
                case FAILED -> tally.failed(node(i));
                case SYNCED -> tally.acked(node(i), Durability.SYNCED);
                default -> {}
              }
            }
            String expected =
                most(targets, places, fates, 0) >= w
                    ? "met"
                    : most(targets, places, best, 0) >= w ? "waiting" : "unreachable";
            if (!name(tally.verdict()).equals(expected)) {
              assertThat(name(tally.verdict()))
                  .as("w=%s %s %s %s", w, targets, places, fates)
                  .isEqualTo(expected);
            }
            cases++;
          }
        }
      }
    }
    assertThat(cases).isGreaterThan(300_000);
  }

  // Reads. Null stands for a replica that has not replied.

  private static boolean counts(QuorumSpec spec, ReadTally.Reply reply) {
    return reply == ReadTally.Reply.FOUND
        || (reply == ReadTally.Reply.NOT_FOUND && spec.notfoundOk());
  }

  private static int machinesRead(
      QuorumSpec spec, List<Target> targets, ReadTally.Reply[] replies, boolean primariesOnly) {
    TreeSet<String> machines = new TreeSet<>();
    for (int i = 0; i < replies.length; i++) {
      if (counts(spec, replies[i]) && (!primariesOnly || targets.get(i).primary())) {
        machines.add(targets.get(i).machine());
      }
    }
    return machines.size();
  }

  private static boolean readMet(QuorumSpec spec, List<Target> targets, ReadTally.Reply[] replies) {
    return machinesRead(spec, targets, replies, false) >= spec.r()
        && machinesRead(spec, targets, replies, true) >= spec.pr()
        && machinesRead(spec, targets, replies, false) >= spec.nodeConfirms();
  }

  private static boolean readCanBeMet(
      QuorumSpec spec, List<Target> targets, ReadTally.Reply[] replies) {
    if (readMet(spec, targets, replies)) {
      return true;
    }
    for (int i = 0; i < replies.length; i++) {
      if (replies[i] == null) {
        ReadTally.Reply[] later = replies.clone();
        later[i] = ReadTally.Reply.FOUND;
        if (readCanBeMet(spec, targets, later)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Riak's `basic_quorum`: a majority of n has answered without finding anything.
  private static boolean majorityFoundNothing(QuorumSpec spec, ReadTally.Reply[] replies) {
    int without = 0;
    for (ReadTally.Reply reply : replies) {
      without += reply != null && reply != ReadTally.Reply.FOUND ? 1 : 0;
    }
    return without > spec.n() / 2;
  }

  @Test
  void aReadTallyIsItsDefinition() {
    long cases = 0;
    for (int n = 1; n <= 3; n++) {
      for (int[] machine : partitions(n)) {
        for (int primaries = 0; primaries < 1 << n; primaries++) {
          List<Target> targets = targets(machine, primaries);
          for (int code = 0; code < Math.pow(5, n); code++) {
            ReadTally.Reply[] replies = new ReadTally.Reply[n];
            for (int i = 0, rest = code; i < n; i++, rest /= 5) {
              replies[i] = rest % 5 == 4 ? null : ReadTally.Reply.values()[rest % 5];
            }
            cases += judgeReads(n, targets, replies);
          }
        }
      }
    }
    assertThat(cases).isGreaterThan(200_000);
  }

  private static long judgeReads(int n, List<Target> targets, ReadTally.Reply[] replies) {
    long cases = 0;
    for (int r = 1; r <= n; r++) {
      for (int pr = 0; pr <= r; pr++) {
        for (int confirms = 0; confirms <= n; confirms++) {
          for (int flags = 0; flags < 4; flags++) {
            boolean basic = (flags & 2) != 0;
            QuorumSpec spec =
                new QuorumSpec(
                    n, r, 1, pr, 0, 0, confirms, (flags & 1) != 0, basic, Durability.SYNCED);
            ReadTally tally = new ReadTally(spec, targets);
            for (int i = n - 1; i >= 0; i--) {
              if (replies[i] != null) {
                assertThat(tally.replied(node(i), replies[i])).isTrue();
                assertThat(tally.replied(node(i), ReadTally.Reply.FOUND)).isFalse();
              }
            }
            String expected;
            if (readMet(spec, targets, replies)) {
              expected = "met";
            } else if (!readCanBeMet(spec, targets, replies)
                || (basic && !spec.notfoundOk() && majorityFoundNothing(spec, replies))) {
              expected = "unreachable";
            } else {
              expected = "waiting";
            }
            String verdict = name(tally.verdict());
            if (!verdict.equals(expected)) {
              assertThat(verdict)
                  .as("%s %s %s", spec, targets, List.of(java.util.Arrays.toString(replies)))
                  .isEqualTo(expected);
            }
            cases++;
          }
        }
      }
    }
    return cases;
  }
}
