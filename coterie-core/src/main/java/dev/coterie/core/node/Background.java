// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

/// The kinds of background work, which yields to requests. A unit of each is one record.
public enum Background {
  /// Records read by walks and copies.
  SCAN,
  /// Records of a copy joined.
  COPY,
  /// Records lent and joined in exchanges, and their rounds.
  EXCHANGE,
  /// Hints read, given and taken.
  HANDOFF,
  /// Tombstones and expired records looked at.
  REAP
}
