// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import dev.coterie.core.base.Invariant;

/// A partition under one placement policy. In this version a policy is "n copies, eventual" and
/// `policy` is that n, as it was asked for: a cluster with fewer machines than n changes how many
/// owners the group has, never its name.
public record GroupId(int policy, int partition) implements Comparable<GroupId> {
  public GroupId {
    Invariant.check(policy >= 1, "policy %s must be at least 1", policy);
    Invariant.check(partition >= 0, "partition %s must not be negative", partition);
  }

  @Override
  public int compareTo(GroupId other) {
    int byPolicy = Integer.compare(policy, other.policy);
    return byPolicy != 0 ? byPolicy : Integer.compare(partition, other.partition);
  }

  /// For people: `n3/17`.
  @Override
  public String toString() {
    return "n" + policy + "/" + partition;
  }
}
