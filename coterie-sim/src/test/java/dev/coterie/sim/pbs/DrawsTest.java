// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.latency.Latency.Leg;
import dev.coterie.sim.latency.LatencyModel.Constant;
import dev.coterie.sim.latency.LatencyModel.Exponential;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private static final Latency EXPONENTIAL = Latency.of(new Exponential(1));

  /// No two messages share a draw, be they of another seed, trial, leg, read or replica: what
  /// shares one is not independent, as the model wants it.
  @Test
  void everyMessageHasADrawOfItsOwn() {
    SortedSet<Long> drawn = new TreeSet<>();
    int count = 0;
    for (long seed : new long[] {1, 2}) {
      Draws draws = new Draws(EXPONENTIAL, 3, seed);
      for (long trial = 0; trial < 20; trial++) {
        for (int replica = 0; replica < 3; replica++) {
          drawn.add(draws.write(trial, Leg.WRITE, replica));
          drawn.add(draws.write(trial, Leg.ACK, replica));
          count += 2;
          for (int read = 0; read < 12; read++) {
            drawn.add(draws.read(trial, read, Leg.READ, replica));
            drawn.add(draws.read(trial, read, Leg.REPLY, replica));
            count += 2;
          }
        }
      }
    }
    // Nanoseconds of a mean of a million: some of some thousand are equal by chance.
    assertThat(drawn.size()).isGreaterThan(count - 20).isLessThanOrEqualTo(count);
  }

  /// The setting of r and w is no part of a draw, nor is what was drawn before.
  @Test
  void aDrawIsAFunctionOfItsMessage() {
    Draws one = new Draws(EXPONENTIAL, 3, 7);
    long first = one.read(5, 2, Leg.REPLY, 1);
    assertThat(one.write(4, Leg.ACK, 0)).isNotEqualTo(first);
    assertThat(one.read(5, 2, Leg.REPLY, 1)).isEqualTo(first);
    assertThat(new Draws(EXPONENTIAL, 3, 7).read(5, 2, Leg.REPLY, 1)).isEqualTo(first);
    // A group with more replicas has the same delays to those that both have.
    assertThat(new Draws(EXPONENTIAL, 5, 7).read(5, 2, Leg.REPLY, 1)).isEqualTo(first);
  }

  /// Both directions between two parties are far or near together; the writer's place and that of
  /// each read are each one of n, and have nothing to do with each other.
  @Test
  void onlyTheReplicaOfTheSamePlaceIsNear() {
    Constant near = new Constant(1);
    int n = 3;
    Draws draws = new Draws(new Latency(near, near, near, near, 75), n, 3);
    int trials = 3_000;
    int[][] together = new int[n][n];
    for (long trial = 0; trial < trials; trial++) {
      int writer = -1;
      int reader = -1;
      for (int replica = 0; replica < n; replica++) {
        long write = draws.write(trial, Leg.WRITE, replica);
        assertThat(draws.write(trial, Leg.ACK, replica)).isEqualTo(write);
        long read = draws.read(trial, 0, Leg.READ, replica);
        assertThat(draws.read(trial, 0, Leg.REPLY, replica)).isEqualTo(read);
        assertThat(List.of(write, read)).isSubsetOf(1_000_000L, 76_000_000L);
        if (write == 1_000_000L) {
          assertThat(writer).isEqualTo(-1);
          writer = replica;
        }
        if (read == 1_000_000L) {
          assertThat(reader).isEqualTo(-1);
          reader = replica;
        }
      }
      together[writer][reader]++;
    }
    // Each of the nine pairs a ninth of the trials, up to four and a half standard deviations.
    double off = 4.5 * Math.sqrt(trials * (1 / 9.0) * (8 / 9.0));
    for (int[] row : together) {
      for (int count : row) {
        assertThat((double) count).isCloseTo(trials / 9.0, within(off));
      }
    }
  }
}
