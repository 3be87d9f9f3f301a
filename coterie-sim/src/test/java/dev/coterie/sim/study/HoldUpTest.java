// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.core.base.Prng;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HoldUpTest {
  private static final int SAMPLES = 10_000;

  private static double[] exponential(double mean) {
    double[] samples = new double[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      samples[i] = -mean * StrictMath.log((i + 0.5) / SAMPLES);
    }
    return samples;
  }

  /// With exponential delays of the mean m at the rate l it is no longer than v with the
  /// probability exp(-l m exp(-v / m)).
  @Test
  void exponentialDelaysFollowTheirClosedForm() {
    double mean = 5;
    double rate = 0.4;
    HoldUp holdUp = new HoldUp(new double[][] {exponential(mean)}, new double[] {rate});
    for (double v : new double[] {0.5, 2, 5, 10, 20}) {
      double share = StrictMath.exp(-rate * mean * StrictMath.exp(-v / mean));
      assertThat(holdUp.millis(share)).isCloseTo(v, within(0.05));
    }
    assertThat(holdUp.millis(StrictMath.exp(-rate * mean) * 0.9)).as("nothing before it").isZero();
  }

  /// Against a link of two kinds of messages, one message after the other.
  @Test
  void aLinkThatIsPlayedIsNear() {
    double[] means = {10, 1};
    double[] rates = {0.05, 0.3};
    HoldUp holdUp =
        new HoldUp(new double[][] {exponential(means[0]), exponential(means[1])}, rates);
    Prng draws = new Prng(1);
    double[] held = new double[200_000];
    double now = 0;
    double latest = 0;
    for (int i = 0; i < held.length; i++) {
      now += -StrictMath.log(Prng.uniform(draws.nextLong())) / (rates[0] + rates[1]);
      held[i] = Math.max(0, latest - now);
      int kind = Prng.uniform(draws.nextLong()) <= rates[0] / (rates[0] + rates[1]) ? 0 : 1;
      double delay = -means[kind] * StrictMath.log(Prng.uniform(draws.nextLong()));
      latest = Math.max(latest, now + delay);
    }
    Arrays.sort(held);
    for (double share : new double[] {0.6, 0.75, 0.9, 0.99}) {
      double played = held[(int) (share * held.length)];
      assertThat(holdUp.millis(share)).isCloseTo(played, within(0.1 + 0.03 * played));
    }
  }

  @Test
  void anEmptyLinkHoldsNothingUp() {
    assertThat(HoldUp.NONE.millis(0.999)).isZero();
  }
}
