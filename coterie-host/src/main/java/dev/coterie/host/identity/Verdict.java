// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

/// What a node concludes from its identity file and its store, before it speaks to anybody.
public sealed interface Verdict {
  /// The node may start.
  sealed interface Start extends Verdict {
    /// Id of the store from now on.
    long storeId();

    /// Number of this boot: above every one that either side knows of.
    long boot();
  }

  /// There was nothing: a new node, or one whose whole directory was wiped. Peers that know an
  /// earlier boot of this node can tell the two apart.
  record Fresh(long storeId, long boot) implements Start {}

  /// File and store agree.
  ///
  /// @param clean whether the last run ended by itself and nothing has moved since
  record Resume(long storeId, long boot, boolean clean) implements Start {}

  /// The store has lost data that it once held, or may have. The node takes writes, but its "not
  /// found" is no vote, it casts no vote in a register and its copies count as durable only when it
  /// has been rebuilt.
  ///
  /// @param reason one sentence for the log and the operator
  record Amnesiac(String reason, long storeId, long boot) implements Start {}

  /// The node must not start.
  ///
  /// @param reason one sentence with the names of both sides
  /// @param wayOut what the operator can do
  record Refuse(String reason, String wayOut) implements Verdict {}
}
