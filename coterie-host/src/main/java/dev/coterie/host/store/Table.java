// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.store;

/// A key space of the store with an order of its own. Numbers are append-only: they are part of the
/// format.
public enum Table {
  /// Identity of the store itself, format version, bucket properties: small and rarely written.
  META(0),
  /// Records of keys, ordered by policy, key hash, key.
  RECORDS(1),
  /// The log of each group: dot to key and replaced dots.
  LOG(2),
  /// What each group's log has dropped, and other per-group state.
  GROUPS(3),
  /// Hints held for owners that could not be reached, ordered by owner and group.
  HINTS(4),
  /// Leaves of the hash trees. Part of the format from the start; used later.
  TREES(5),
  /// Operation ids kept for the retry window. Part of the format from the start; used later.
  OPERATIONS(6);

  private final int number;

  Table(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
