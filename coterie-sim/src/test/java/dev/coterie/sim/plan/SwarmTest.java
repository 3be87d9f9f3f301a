// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.sim.oracle.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A few drawn plans; many more run with `./coterie sim`.
class SwarmTest {
  @Test
  void drawnPlansKeepThePromise() throws Exception {
    for (long seed = 1; seed <= 20; seed++) {
      Run.Result result = Run.of(Swarm.plan(seed, 20_000, null));
      assertThat(result.violations()).as("seed %s", seed).isEmpty();
    }
  }

  @Test
  void seedsThatOnceFoundAFaultFindNoneNow() throws Exception {
    for (String line : seeds()) {
      String[] words = line.split("\\s+", 3);
      Run.Result result =
          Run.of(Swarm.plan(Long.parseLong(words[0]), Long.parseLong(words[1]), null));
      assertThat(result.violations()).as(line).isEmpty();
    }
  }

  private static List<String> seeds() throws IOException {
    try (InputStream in = SwarmTest.class.getResourceAsStream("/seeds.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  @Test
  void aPlantedBugIsFound() throws Exception {
    boolean found = false;
    for (long seed = 1; seed <= 60 && !found; seed++) {
      found = Run.of(Swarm.plan(seed, 20_000, "ACK_BEFORE_SYNC")).failed();
    }
    assertThat(found).isTrue();
  }

  @Test
  void aSeedRunsTheSameTwice() throws Exception {
    Run.Result first = Run.of(Swarm.plan(7, 10_000, null));
    assertThat(Run.of(Swarm.plan(7, 10_000, null)).fingerprint()).isEqualTo(first.fingerprint());
    assertThat(Run.of(Swarm.plan(8, 10_000, null)).fingerprint()).isNotEqualTo(first.fingerprint());
  }

  /// A write that one disk alone had is lost with it. Where its peers know that it was there, the
  /// node says so; where they have forgotten it too, nobody does.
  @Test
  void whatIsLostWithTooManyDisksIsTold() throws Exception {
    assertThat(Run.of(wiped(List.of())).violations()).isEmpty();
    List<Step> forgetful = new ArrayList<>();
    for (String peer : List.of("b", "c")) {
      forgetful.add(Step.at(2_000, "stop", peer));
      forgetful.add(Step.at(2_001, "lose-peers", peer));
    }
    List<Violation> found = Run.of(wiped(forgetful)).violations();
    assertThat(found).isNotEmpty();
    assertThat(found.getFirst().oracle()).isEqualTo("O1");
    assertThat(found.getFirst().sentence()).endsWith("a never said that its disk lost anything");
  }

  private static List<Step> wiped(List<Step> before) {
    List<Step> plan = new ArrayList<>();
    plan.add(Step.now("cluster").with("nodes", "a,b,c"));
    plan.add(Step.at(500, "put").with("via", "a").with("key", "k1").with("w", "all"));
    plan.add(Step.at(1_000, "cut", "a--*"));
    plan.add(Step.at(1_500, "put").with("via", "a").with("key", "k2").with("w", "one"));
    plan.addAll(before);
    plan.add(Step.at(3_000, "wipe", "a"));
    plan.add(Step.at(4_000, "mend"));
    return plan;
  }

  /// What must be among a hundred plans, so that no kind of extreme is dropped unseen: a piece of
  /// some step.
  private static final List<String> EXTREMES =
      List.of(
          "n8,",
          "machines=m1,m2,m1",
          "client=c12",
          "key=k90",
          "ghostmax=1[0-9]{8,}",
          "repair=off",
          "record=",
          "bytes=",
          "rate=-",
          "by=-?[0-9]{8}ms",
          "split n[0-9],n[0-9] \\| n[0-9],n[0-9]",
          "cut n[0-9]--\\*",
          "mend n[0-9]--\\*",
          "lie n[0-9]",
          "at 1[0-9]{3}\\.[0-9]+s put");

  @Test
  void extremesAreAmongThePlans() {
    StringBuilder plans = new StringBuilder();
    for (long seed = 1; seed <= 100; seed++) {
      Swarm.plan(seed, 120_000, null).forEach(step -> plans.append(step).append('\n'));
    }
    for (String piece : EXTREMES) {
      assertThat(Pattern.compile(piece).matcher(plans).find()).as(piece).isTrue();
    }
  }
}
