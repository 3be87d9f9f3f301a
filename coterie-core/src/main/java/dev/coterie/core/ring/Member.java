// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import dev.coterie.core.base.NodeId;

/// A node as the allocator sees it: where it stands and how much it takes.
///
/// @param machine what copies and acks are counted on; nodes with the same label share one machine
/// @param rack empty when unknown; names a rack within its zone
/// @param zone empty when unknown
/// @param weight how much of the data this node takes in proportion to the others, 1 to
///   [#WEIGHT_MAX], 100 for an ordinary one
public record Member(NodeId id, String machine, String rack, String zone, int weight)
    implements Comparable<Member> {
  public static final int WEIGHT_DEFAULT = 100;
  public static final int WEIGHT_MAX = 10_000;
  public static final int LABEL_LENGTH_MAX = 255;

  public Member {
    requireLabel(id, "machine", machine);
    requireLabel(id, "rack", rack);
    requireLabel(id, "zone", zone);
    if (machine.isEmpty()) {
      throw new IllegalArgumentException("node " + id + " needs a machine label");
    }
    if (weight < 1 || weight > WEIGHT_MAX) {
      throw new IllegalArgumentException(
          "node " + id + ": weight must be 1 to " + WEIGHT_MAX + ", but was " + weight);
    }
  }

  /// A member of ordinary weight that names no rack and no zone.
  public static Member of(NodeId id, String machine) {
    return new Member(id, machine, "", "", WEIGHT_DEFAULT);
  }

  /// In order of their names, which no two members share.
  @Override
  public int compareTo(Member other) {
    return id.compareTo(other.id);
  }

  private static void requireLabel(NodeId id, String what, String label) {
    if (label.length() > LABEL_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "node " + id + ": the " + what + " label is longer than " + LABEL_LENGTH_MAX);
    }
    for (int i = 0; i < label.length(); i++) {
      if (label.charAt(i) <= ' ' || label.charAt(i) == 0x7f) {
        throw new IllegalArgumentException(
            "node " + id + ": the " + what + " label holds a space or a control character");
      }
    }
  }
}
