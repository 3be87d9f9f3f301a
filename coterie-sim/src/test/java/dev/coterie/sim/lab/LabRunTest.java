// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.sim.lab.Recording.Moment;
import dev.coterie.sim.lab.Recording.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs of whole scenarios.
final class LabRunTest {
  private static final String SHORT = "v1.cart.r=1.w=1.fail=split(1s,2s,A+B|C+D+E).time=4s";

  private static Played play(String text) {
    return new LabRun(Scenario.parse(text)).play(_ -> true);
  }

  @ParameterizedTest
  @EnumSource(Template.class)
  void everyTemplateRunsToItsEndAndLosesNothingButByLastWriteWins(Template template) {
    Scenario scenario = Scenario.of(template);
    Summary summary = play(scenario.text()).summary();
    assertThat(summary.ended()).isEqualTo(LabRun.End.WHOLE);
    assertThat(summary.reads().count()).isPositive();
    assertThat(summary.writesOk()).isPositive();
    assertThat(summary.lostUpdates().isEmpty()).isEqualTo(!scenario.lastWriteWins());
    assertThat(summary.convergenceMillis()).isLessThan(LabRun.TAIL_MICROS / 1000.0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1.social.r=2.w=2",
        "v1.social.r=1.w=3",
        "v1.social.r=3.w=1",
        "v1.chat.fail=none",
        "v1.pbs.r=2.w=2",
        "v1.pbs.r=2.w=2.coordinator=any.ask=r.latency=ymmr",
        "v1.cart.sloppy=off.fail=none.latency=wan.timeout=5000",
      })
  void aStrictQuorumWithoutFaultsIsNeverStale(String text) {
    Summary summary = play(text + ".time=10s").summary();
    assertThat(summary.stale().of()).isGreaterThan(300);
    assertThat(summary.stale().part()).isZero();
    assertThat(summary.behind()[0]).isEqualTo(summary.stale().of());
  }

  @Test
  void aPartialQuorumIsStaleNowAndThen() {
    Summary summary = play("v1.pbs").summary();
    assertThat(summary.stale().part()).isPositive();
    assertThat(summary.staleAges()).hasSize((int) summary.stale().part());
    assertThat(play("v1.pbs.r=2.w=2").summary().stale().part()).isZero();
  }

  @Test
  void theSameScenarioIsTheSameRun() {
    assertThat(play(SHORT).summary().hash()).isEqualTo(play(SHORT).summary().hash());
    assertThat(play(SHORT).summary().hash())
        .isNotEqualTo(play(SHORT.replace("time=4s", "seed=43.time=4s")).summary().hash());
  }

  /// Prints the hash of the scenario that it is given.
  static final class Other {
    private Other() {}

    public static void main(String[] arguments) {
      System.out.println(play(arguments[0]).summary().hash());
    }
  }

  @Test
  void anotherJvmComesToTheSame() throws IOException, InterruptedException {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                SHORT)
            .redirectErrorStream(true)
            .start();
    String hash =
        new String(other.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    assertThat(other.waitFor()).as(hash).isZero();
    assertThat(hash).isEqualTo(play(SHORT).summary().hash());
  }

  @Test
  void anotherRLeavesArrivalsAndDelaysAsTheyAre() {
    Played one = play("v1.pbs.r=1.time=5s.repair=async");
    Played three = play("v1.pbs.r=3.time=5s.repair=async");
    assertThat(one.operations()).hasSameSizeAs(three.operations());
    for (int i = 0; i < one.operations().size(); i++) {
      LabOperation left = one.operations().get(i);
      LabOperation right = three.operations().get(i);
      assertThat(right.began).isEqualTo(left.began);
      assertThat(right.write).isEqualTo(left.write);
      assertThat(right.key).isEqualTo(left.key);
      assertThat(right.client).isEqualTo(left.client);
      assertThat(right.via).isEqualTo(left.via);
    }
    SortedMap<String, Long> delays = delays(one);
    assertThat(delays.size()).isGreaterThan(500);
    assertThat(delays.equals(delays(three))).as("delays of writes").isTrue();
  }

  /// How long the first message of each write took on each link.
  private static SortedMap<String, Long> delays(Played played) {
    SortedMap<String, Long> delays = new TreeMap<>();
    Recording recording = played.recording();
    for (int entry = 0; entry < recording.size(); entry++) {
      if (recording.type(entry) == Type.SENT
          && recording.c(entry) == MessageKind.STORE_REPLICA.number()) {
        Long _ =
            delays.putIfAbsent(
                recording.x(entry) + ":" + recording.a(entry) + ">" + recording.b(entry),
                recording.y(entry) - recording.at(entry));
      }
    }
    return delays;
  }

  @Test
  void aFullRecordingEndsTheRun() {
    LabRun run = new LabRun(Scenario.parse("v1.cart"), 10_000);
    Played played = run.play(_ -> true);
    assertThat(played.summary().ended()).isEqualTo(LabRun.End.BUDGET);
    assertThat(played.recording().size()).isBetween(10_000, 10_100);
    assertThat(played.summary().hash()).hasSize(16);
  }

  @Test
  void whoWatchesCanStopIt() {
    Played played = new LabRun(Scenario.parse("v1.cart")).play(run -> run.micros() < 1_000_000);
    assertThat(played.summary().ended()).isEqualTo(LabRun.End.STOPPED);
    assertThat(played.summary().seconds()).isBetween(1.0, 1.1);
  }

  @Test
  void everyMomentIsWhatHadHappenedUntilThen() {
    Played played = play("v1.cart.time=12s");
    Recording recording = played.recording();
    assertThat(recording.size()).isGreaterThan(2 * Recording.SNAPSHOT_EVERY);
    int nodes = 5;
    Recording.State[] states = new Recording.State[nodes];
    Arrays.fill(states, Recording.State.UP);
    int[] hints = new int[nodes];
    int[][] versions = new int[played.homes().size()][nodes];
    TreeSet<Integer> flying = new TreeSet<>();
    int next = 0;
    for (long micros = 0; micros < recording.end(); micros += 97_003) {
      for (; next < recording.size() && recording.at(next) <= micros; next++) {
        switch (recording.type(next)) {
          case STATE -> states[recording.a(next)] = Recording.State.values()[recording.x(next)];
          case HINTS -> hints[recording.a(next)] = recording.x(next);
          case VERSIONS -> versions[recording.x(next)][recording.a(next)] = recording.y(next);
          case SENT -> {
            if (recording.y(next) >= 0) {
              flying.add(next);
            }
          }
          case ARRIVED -> flying.remove(recording.x(next));
          case BEGAN, ENDED, FAILED, MENDED -> {}
        }
      }
      Moment moment = recording.moment(micros);
      assertThat(moment.states()).isEqualTo(states);
      assertThat(moment.hints()).isEqualTo(hints);
      assertThat(moment.versions()).isDeepEqualTo(versions);
      assertThat(moment.underWay()).containsExactly(flying.stream().mapToInt(i -> i).toArray());
    }
  }

  @Test
  void atTheEndOwnersHoldTheSame() {
    Played played = play(SHORT);
    Moment last = played.recording().moment(played.recording().end());
    for (int key = 0; key < played.homes().size(); key++) {
      int[] row = last.versions()[key];
      int first = row[played.homes().get(key).getFirst()];
      assertThat(played.homes().get(key)).allMatch(owner -> row[owner] == first);
    }
    assertThat(last.hints()).containsOnly(0);
  }

  @Test
  void failuresCutCrashAndPause() {
    Played played =
        play("v1.iot.fail=crash(1s,2s,A),pause(2s,3s,B),split(3s,4s,C|A+B+D+E).time=5s");
    TreeSet<Recording.Fate> fates = new TreeSet<>();
    Recording recording = played.recording();
    for (int entry = 0; entry < recording.size(); entry++) {
      if (recording.type(entry) == Type.SENT) {
        fates.add(recording.fate(entry));
      }
    }
    assertThat(states(recording))
        .contains("A DOWN 1", "A STARTING 2", "A UP 2", "B PAUSED 2", "B UP 3");
    assertThat(fates).contains(Recording.Fate.CUT, Recording.Fate.TAKEN);
    assertThat(played.summary().writesOk()).isPositive();
  }

  /// What each node became, and in which second.
  private static TreeSet<String> states(Recording recording) {
    TreeSet<String> states = new TreeSet<>();
    for (int entry = 0; entry < recording.size(); entry++) {
      if (recording.type(entry) == Type.STATE) {
        states.add(
            Failure.letter(recording.a(entry))
                + " "
                + Recording.State.values()[recording.x(entry)]
                + " "
                + recording.at(entry) / 1_000_000);
      }
    }
    return states;
  }

  @Test
  void aFailureStrikesEachOfItsNodes() {
    Recording recording = play("v1.iot.fail=crash(1s,2s,A+C),pause(2s,3s,B+D).time=4s").recording();
    assertThat(states(recording))
        .contains("A DOWN 1", "C DOWN 1", "A UP 2", "C UP 2")
        .contains("B PAUSED 2", "D PAUSED 2", "B UP 3", "D UP 3");
  }

  @Test
  void whatComesToAPausedNodeWaitsThere() {
    Recording recording = play("v1.iot.fail=pause(1s,2s,B).time=3s").recording();
    assertThat(recording.moment(900_000).queue(1)).isLessThan(5);
    assertThat(recording.moment(1_300_000).queue(1)).isGreaterThan(20);
    assertThat(recording.moment(2_100_000).queue(1)).isLessThan(5);
  }

  @Test
  void queuesAreToldAsTheyGrowAndShrinkAndEndEmpty() {
    for (String text :
        new String[] {
          "v1.cart.loss=3.dup=5.time=6s",
          "v1.chat.fail=pause(1s,2s,B),crash(2s,3s,C).time=4s",
          "v1.catalogue.dup=5.r=2.time=4s.fail=slow(1s,2s,B,x10)"
        }) {
      Recording recording = play(text).recording();
      int[] lengths = new int[32];
      int first = 0;
      for (long at = 500_000; at < recording.end(); at += 487_000) {
        int last = recording.from(at + 1);
        for (Recording.Queue each : recording.queues(first, last)) {
          lengths[each.node()] = each.length();
        }
        first = last;
        Recording.Moment moment = recording.moment(at);
        for (int node = 0; node < moment.states().length; node++) {
          assertThat(lengths[node]).as(text + " at " + at).isEqualTo(moment.queue(node));
        }
      }
      assertThat(recording.queues(0, recording.size())).isNotEmpty();
      Recording.Moment end = recording.moment(recording.end());
      for (int node = 0; node < end.states().length; node++) {
        assertThat(end.queue(node)).as(text + " node " + node).isZero();
      }
    }
  }

  @Test
  void linksOfClientsHaveDelaysOfTheirOwn() {
    String text = "v1.chat.fail=none.time=3s";
    Played hop = play(text);
    Played same = play(text + ".calls=const(0_2)");
    assertThat(same.summary().readMillis()).isEqualTo(hop.summary().readMillis());
    assertThat(same.summary().writeMillis()).isEqualTo(hop.summary().writeMillis());
    Played far = play(text + ".calls=const(20)/const(5)");
    assertThat(far.summary().writeMillis()[0]).as("20 there, 5 back").isGreaterThan(25);
    assertThat(far.summary().readMillis()[0]).as("5 and 5").isBetween(10.0, 20.0);
    assertThat(far.operations()).hasSameSizeAs(hop.operations());
    for (LabOperation each : far.operations()) {
      assertThat(each.reached - each.began).isEqualTo(each.write ? 20_000 : 5_000);
    }
    Played drawn = play(text + ".calls=exp(5)");
    assertThat(drawn.operations().stream().map(each -> each.reached - each.began).distinct())
        .hasSizeGreaterThan(drawn.operations().size() / 2);
    assertThat(drawn.summary().hash()).isNotEqualTo(hop.summary().hash());
  }

  @Test
  void hintsStopAtTheirCap() {
    String text = "v1.iot.fail=crash(2s,5s,B).time=6s";
    int all = mostHints(text);
    int some = mostHints(text + ".hintcap=1");
    assertThat(some).isPositive().isLessThan(all / 2);
    assertThat(mostHints(text + ".hintcap=1048576")).isEqualTo(all);
    assertThat(mostHints(text + ".hints=off.hintcap=64")).isZero();
  }

  private static int mostHints(String text) {
    return play(text).series().steps().stream().mapToInt(Series.Step::hints).max().orElseThrow();
  }
}
