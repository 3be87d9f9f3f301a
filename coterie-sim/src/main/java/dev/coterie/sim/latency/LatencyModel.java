// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.latency;

import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.List;

/// A distribution of one-way delays in ms. A sample is a function of one 64-bit hash, computed with
/// [StrictMath] only: the same on every machine.
public sealed interface LatencyModel {
  /// The delay that `hash` stands for, in ms; at least 0. Hashes that are spread evenly give the
  /// distribution.
  double millis(long hash);

  /// As a scenario says it: `exp(1.5)`.
  String text();

  /// Uniform in (0, 1], the first of two that `hash` stands for.
  static double uniform(long hash) {
    return Prng.uniform(Prng.mix(hash));
  }

  /// The second; independent of the first.
  static double uniform2(long hash) {
    return Prng.uniform(Prng.mix(hash ^ 0x6a09_e667_f3bc_c909L));
  }

  private static String number(double value) {
    return value == StrictMath.rint(value) && StrictMath.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static void positive(String what, double value) {
    if (!(value > 0) || value > 1e9) {
      throw new IllegalArgumentException(what + " must be above 0, is " + number(value));
    }
  }

  /// Every message takes the same time.
  record Constant(double millis) implements LatencyModel {
    public Constant {
      if (!(millis >= 0) || millis > 1e9) {
        throw new IllegalArgumentException("a delay must be 0 ms or more, is " + number(millis));
      }
    }

    @Override
    public double millis(long hash) {
      return millis;
    }

    @Override
    public String text() {
      return "const(" + number(millis) + ")";
    }
  }

  /// Exponentially distributed.
  ///
  /// @param mean in ms
  record Exponential(double mean) implements LatencyModel {
    public Exponential {
      positive("the mean delay", mean);
    }

    @Override
    public double millis(long hash) {
      return -mean * StrictMath.log(uniform(hash));
    }

    @Override
    public String text() {
      return "exp(" + number(mean) + ")";
    }
  }

  /// Its logarithm is normally distributed.
  ///
  /// @param median in ms
  /// @param sigma of the logarithm
  record LogNormal(double median, double sigma) implements LatencyModel {
    public LogNormal {
      positive("the median delay", median);
      if (!(sigma >= 0) || sigma > 5) {
        throw new IllegalArgumentException("sigma must be 0 to 5, is " + number(sigma));
      }
    }

    @Override
    public double millis(long hash) {
      double normal =
          StrictMath.sqrt(-2 * StrictMath.log(uniform(hash)))
              * StrictMath.cos(2 * StrictMath.PI * uniform2(hash));
      return median * StrictMath.exp(sigma * normal);
    }

    @Override
    public String text() {
      return "lognormal(" + number(median) + "," + number(sigma) + ")";
    }
  }

  /// A Pareto body with an exponential tail, as the PBS paper fits measured delays.
  ///
  /// @param pareto the share that is Pareto distributed, 0 to 1
  /// @param scale of the Pareto part, its least value, in ms
  /// @param alpha its shape
  /// @param lambda rate of the exponential part, per ms
  record Mixture(double pareto, double scale, double alpha, double lambda) implements LatencyModel {
    public Mixture {
      if (!(pareto >= 0 && pareto <= 1)) {
        throw new IllegalArgumentException("the Pareto share must be 0 to 1, is " + number(pareto));
      }
      positive("the scale", scale);
      positive("alpha", alpha);
      positive("lambda", lambda);
    }

    @Override
    public double millis(long hash) {
      double u = uniform2(hash);
      return uniform(hash) <= pareto
          ? scale * StrictMath.pow(u, -1 / alpha)
          : -StrictMath.log(u) / lambda;
    }

    @Override
    public String text() {
      return "mix("
          + number(pareto)
          + ","
          + number(scale)
          + ","
          + number(alpha)
          + ","
          + number(lambda)
          + ")";
    }
  }

  /// As measured: quantiles at equal steps from the least delay to the greatest, straight lines
  /// between them.
  ///
  /// @param quantiles in ms, rising, at least two
  record Empirical(List<Double> quantiles) implements LatencyModel {
    public static final int MAX = 1024;

    public Empirical {
      quantiles = List.copyOf(quantiles);
      if (quantiles.size() < 2 || quantiles.size() > MAX) {
        throw new IllegalArgumentException("an empirical model needs 2 to " + MAX + " quantiles");
      }
      double last = 0;
      for (double value : quantiles) {
        if (!(value >= last) || value > 1e9) {
          throw new IllegalArgumentException("quantiles must rise from 0 ms or more");
        }
        last = value;
      }
    }

    /// From delays as they were measured, in any order; so many that they are thinned out to
    /// quantiles.
    public static Empirical of(List<Double> measured) {
      if (measured.isEmpty()) {
        throw new IllegalArgumentException("an empirical model needs measured delays");
      }
      List<Double> sorted = new ArrayList<>(measured);
      sorted.sort(null);
      int steps = Math.clamp(sorted.size(), 2, 257);
      List<Double> quantiles = new ArrayList<>();
      for (int i = 0; i < steps; i++) {
        quantiles.add(sorted.get((int) ((long) i * (sorted.size() - 1) / (steps - 1))));
      }
      return new Empirical(quantiles);
    }

    @Override
    public double millis(long hash) {
      double at = uniform(hash) * (quantiles.size() - 1);
      int below = Math.min((int) at, quantiles.size() - 2);
      double low = quantiles.get(below);
      return low + (at - below) * (quantiles.get(below + 1) - low);
    }

    @Override
    public String text() {
      StringBuilder text = new StringBuilder("quantiles(");
      for (int i = 0; i < quantiles.size(); i++) {
        text.append(i == 0 ? "" : ",").append(number(quantiles.get(i)));
      }
      return text.append(")").toString();
    }
  }
}
