// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.NodeId;

/// One piece of gossip: `by` says that `about` is `status`. Of two rumours about one member the
/// higher holds, by incarnation and then by status: so it does not matter in which order, how late
/// or how often they come.
///
/// @param by who came to that conclusion: the accuser, the one who declared it dead, or, of one
///   alive, the member itself
public record Rumour(NodeId about, MemberStatus status, Incarnation incarnation, NodeId by) {
  /// Whether this overrules what is known.
  public boolean overrules(MemberStatus known, Incarnation at) {
    int order = incarnation.compareTo(at);
    return order > 0 || (order == 0 && status.compareTo(known) > 0);
  }

  /// What this takes on the wire: tags and lengths, the names, and two numbers of seven bits a
  /// byte.
  public int bytes() {
    int names = 2 + about.name().length() + (by.equals(about) ? 0 : 2 + by.name().length());
    int numbers = number(status.ordinal()) + number(incarnation.boot());
    return 6 + names + numbers + number(incarnation.number());
  }

  private static int number(long value) {
    return value == 0 ? 0 : 1 + (70 - Long.numberOfLeadingZeros(value)) / 7;
  }

  @Override
  public String toString() {
    return about + " " + status + " " + incarnation + " by " + by;
  }
}
