// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatencyTest {
  private static final int SAMPLES = 200_000;

  private static double[] samples(LatencyModel model) {
    Prng prng = new Prng(7);
    double[] found = new double[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      found[i] = model.millis(prng.nextLong());
    }
    Arrays.sort(found);
    return found;
  }

  private static double quantile(double[] sorted, double q) {
    return sorted[(int) (q * (sorted.length - 1))];
  }

  @Test
  void exponentialHasItsQuantiles() {
    double[] found = samples(new LatencyModel.Exponential(10));
    assertThat(Arrays.stream(found).average().orElseThrow()).isCloseTo(10, within(0.15));
    assertThat(quantile(found, 0.5)).isCloseTo(10 * Math.log(2), within(0.15));
    assertThat(quantile(found, 0.99)).isCloseTo(10 * Math.log(100), within(1.0));
  }

  @Test
  void logNormalHasItsMedianAndSpread() {
    double[] found = samples(new LatencyModel.LogNormal(4, 0.5));
    assertThat(quantile(found, 0.5)).isCloseTo(4, within(0.05));
    assertThat(quantile(found, 0.8413)).isCloseTo(4 * Math.exp(0.5), within(0.1));
  }

  /// P(X > x) of the mixture, from its definition.
  @Test
  void mixtureHasItsTail() {
    for (LatencyPreset preset : LatencyPreset.values()) {
      if (preset.latency().write() instanceof LatencyModel.Mixture mix) {
        double[] found = samples(mix);
        for (double x : new double[] {mix.scale() * 1.2, mix.scale() * 2, mix.scale() * 10}) {
          double above = Arrays.stream(found).filter(value -> value > x).count() / (double) SAMPLES;
          double exact =
              mix.pareto() * Math.pow(mix.scale() / x, mix.alpha())
                  + (1 - mix.pareto()) * Math.exp(-mix.lambda() * x);
          assertThat(above).as("%s above %s", preset, x).isCloseTo(exact, within(0.005));
        }
      }
    }
  }

  @Test
  void empiricalGivesBackWhatWasMeasured() {
    List<Double> measured = new ArrayList<>();
    for (int i = 0; i <= 1000; i++) {
      measured.add(i / 10.0);
    }
    double[] found = samples(LatencyModel.Empirical.of(measured));
    assertThat(quantile(found, 0.25)).isCloseTo(25, within(0.5));
    assertThat(quantile(found, 0.9)).isCloseTo(90, within(0.5));
    assertThat(found[0]).isGreaterThanOrEqualTo(0);
    assertThat(found[SAMPLES - 1]).isLessThanOrEqualTo(100);
  }

  /// The same bits on every machine: the hash of a replayed run rests on it.
  @Test
  void samplesAreFixed() {
    long sum = 0;
    for (LatencyPreset preset : LatencyPreset.values()) {
      for (Latency.Leg leg : Latency.Leg.values()) {
        for (int i = 0; i < 1000; i++) {
          double millis = preset.latency().leg(leg).millis(Prng.mix(i));
          sum = Prng.mix(sum ^ Double.doubleToLongBits(millis));
        }
      }
    }
    assertThat(Long.toHexString(sum)).isEqualTo("f8e8c379987d22");
  }

  @Test
  void textIsReadBack() {
    for (LatencyPreset preset : LatencyPreset.values()) {
      assertThat(Latency.parse(preset.id())).isEqualTo(preset.latency());
      assertThat(preset.latency().text()).isEqualTo(preset.id());
    }
    for (String text :
        List.of(
            "const(0)",
            "exp(1.5)",
            "lognormal(0.25,0.5)",
            "mix(0.5,1,2,0.25)",
            "quantiles(0,1.5,9)",
            "exp(20)/const(1)")) {
      assertThat(Latency.parse(text).text()).isEqualTo(text);
    }
  }

  @Test
  void whatIsWrongIsRefusedWithASentence() {
    assertThatThrownBy(() -> Latency.parse("lnkd-tape"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lnkd-disk")
        .hasMessageContaining("lognormal(median ms,sigma)");
    assertThatThrownBy(() -> Latency.parse("exp(a)")).hasMessageContaining("not a number");
    assertThatThrownBy(() -> Latency.parse("exp(1,2)")).hasMessageContaining("takes 1");
    assertThatThrownBy(() -> Latency.parse("exp(0)")).hasMessageContaining("above 0");
    assertThatThrownBy(() -> Latency.parse("exp(NaN)")).hasMessageContaining("above 0");
    assertThatThrownBy(() -> Latency.parse("mix(2,1,1,1)")).hasMessageContaining("0 to 1");
    assertThatThrownBy(() -> Latency.parse("quantiles(3,1)")).hasMessageContaining("rise");
  }
}
