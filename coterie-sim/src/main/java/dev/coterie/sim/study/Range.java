// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

/// Whole numbers that a planner tries out, from one to another.
public record Range(int low, int high) {
  /// Every R or W that there can be.
  public static final Range ALL = new Range(1, Integer.MAX_VALUE);

  public Range {
    if (low < 1 || high < low) {
      throw new IllegalArgumentException(
          "a range goes up from 1 or more, not " + low + ".." + high);
    }
  }

  public static Range of(int one) {
    return new Range(one, one);
  }

  /// A number, or two such as `1..3`.
  ///
  /// @throws IllegalArgumentException where it is neither
  public static Range parse(String text) {
    int dots = text.indexOf("..");
    try {
      return dots < 0
          ? of(Integer.parseInt(text))
          : new Range(
              Integer.parseInt(text.substring(0, dots)),
              Integer.parseInt(text.substring(dots + 2)));
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(text + " is neither a number nor two such as 1..3");
    }
  }
}
