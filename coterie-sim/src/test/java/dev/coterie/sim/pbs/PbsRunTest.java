// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.sim.latency.LatencyPreset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PbsRunTest {
  /// The code and the model are given the same delays: then they must agree read by read, and to
  /// the nanosecond.
  @Test
  void theCodeDoesWhatTheModelSaysReadByRead() {
    for (LatencyPreset preset : LatencyPreset.values()) {
      for (int r = 1; r <= 3; r++) {
        for (int w = 1; w <= 3; w++) {
          Quorum quorum = new Quorum(3, r, w);
          Draws draws = new Draws(preset.latency(), 3, 11);
          Trial model = new Trial(draws, quorum);
          List<Long> waits = List.of(0L, 500_000L, 3_000_000L, 20_000_000L, 100_000_000L);
          List<String> differ = new ArrayList<>();
          int[] reads = {0};
          PbsRun.run(
              draws,
              quorum,
              waits,
              0,
              40,
              (trial, read, fresh, writeNanos, readNanos) -> {
                reads[0]++;
                model.draw(trial, read);
                boolean expected = waits.get(read) >= model.freshAfterNanos();
                if (fresh != expected
                    || writeNanos != model.writeNanos()
                    || readNanos != model.readNanos()) {
                  differ.add(
                      trial
                          + "/"
                          + read
                          + " fresh "
                          + fresh
                          + "/"
                          + expected
                          + " write "
                          + writeNanos
                          + "/"
                          + model.writeNanos()
                          + " read "
                          + readNanos
                          + "/"
                          + model.readNanos());
                }
              });
          assertThat(reads[0]).isEqualTo(200);
          assertThat(differ).as("%s %s", preset.id(), quorum).isEmpty();
        }
      }
    }
  }
}
