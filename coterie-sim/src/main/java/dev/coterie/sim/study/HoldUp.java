// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import java.util.Arrays;
import java.util.Comparator;

/// How long a message that leaves now is held up by those before it, on a link that keeps their
/// order. Messages leave at random, each delay drawn for itself; the latest arrival of all that
/// left earlier is V from now, and no later than v with the probability `exp(-H(v))`, where H(v) is
/// how many of them, on average, will still be under way in v: the rate of the messages times the
/// mean of what their delays exceed v by.
final class HoldUp {
  /// Never any.
  static final HoldUp NONE = new HoldUp(new double[0][0], new double[0]);

  /// Delays, the longest first; and H at each.
  private final double[] delays;

  private final double[] expected;

  /// The rate of messages that take longer than the delay before, in the same order.
  private final double[] rates;

  /// @param samples delays in ms that are equally likely, for each kind of message
  /// @param perMilli how many messages of each kind leave in a ms
  HoldUp(double[][] samples, double[] perMilli) {
    int count = Arrays.stream(samples).mapToInt(each -> each.length).sum();
    double[][] all = new double[count][];
    int next = 0;
    for (int kind = 0; kind < samples.length; kind++) {
      for (double delay : samples[kind]) {
        all[next++] = new double[] {delay, perMilli[kind] / samples[kind].length};
      }
    }
    Arrays.sort(all, Comparator.comparingDouble((double[] each) -> each[0]).reversed());
    delays = new double[count];
    expected = new double[count];
    rates = new double[count];
    double rate = 0;
    for (int i = 0; i < count; i++) {
      delays[i] = all[i][0];
      rates[i] = rate;
      expected[i] = i == 0 ? 0 : expected[i - 1] + rate * (delays[i - 1] - delays[i]);
      rate += all[i][1];
    }
  }

  /// In ms.
  ///
  /// @param u drawn evenly between 0 and 1
  double millis(double u) {
    double wanted = -StrictMath.log(u);
    int low = 0;
    int high = delays.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (expected[middle] < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return delays.length == 0 ? 0 : delays[0];
    }
    if (low == delays.length) {
      return 0;
    }
    return delays[low - 1] - (wanted - expected[low - 1]) / rates[low];
  }
}
