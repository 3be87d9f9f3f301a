// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;

/// All that a round is judged by.
///
/// @param operations of the round, in any order; every one of them is over
/// @param damages of the round
/// @param readings by key, after the storm
record Evidence(
    List<Operation> operations, List<Damage> damages, SortedMap<String, List<Reading>> readings) {
  /// The disk of `node` lost synced data, or may have, at `at`.
  record Damage(long at, String node) {}

  /// What a read through `node` gave.
  ///
  /// @param how the read's level, as people read it
  /// @param answered whether it was answered; if not, `sentence` says why
  /// @param values the writes whose values came, sorted; empty for a key that is not there
  record Reading(String node, String how, boolean answered, List<Integer> values, String sentence) {
    Reading {
      values = values.stream().sorted().toList();
    }
  }

  /// How many machines were damaged since `at`.
  int damagedSince(long at) {
    TreeSet<String> nodes = new TreeSet<>();
    for (Damage damage : damages) {
      if (damage.at() >= at) {
        nodes.add(damage.node());
      }
    }
    return nodes.size();
  }

  /// Whether the promise holds for `write`: it was acknowledged by more machines than were damaged
  /// since it was sent.
  boolean isPromised(Operation write) {
    return write.isAcked() && damagedSince(write.call().at()) < write.call().needed();
  }
}
