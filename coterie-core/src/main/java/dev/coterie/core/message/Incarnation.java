// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

/// How new what is said of a member is. A restart makes it newer whatever was said of the boots
/// before (F50: Consul compared bare numbers, and a restarted node that began again at 1 was
/// believed by nobody); within a boot only the member itself counts up, to refute.
///
/// @param boot how often the member has started, as its identity file counts; 0 when nothing of it
///   has been heard yet
/// @param number how often the member has refuted in this boot
public record Incarnation(long boot, long number) implements Comparable<Incarnation> {
  public static final Incarnation UNKNOWN = new Incarnation(0, 0);

  /// A number above this one is refused on decoding: nobody gets there by counting.
  public static final long NUMBER_MAX = 1L << 48;

  @Override
  public int compareTo(Incarnation other) {
    int order = Long.compare(boot, other.boot);
    return order == 0 ? Long.compare(number, other.number) : order;
  }

  @Override
  public String toString() {
    return boot + "." + number;
  }
}
