// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.transport;

import dev.coterie.core.base.NodeId;

/// Why two nodes did not become peers. Both sides hear of it, so that the operator of either finds
/// the reason in the log.
///
/// @param peer the other node, as it called itself or as it was dialled
/// @param kind what a node can react to
/// @param byPeer true where the peer refused this node, false where this node refused the peer
/// @param sentence for the operator: what is wrong and what to do; the same on both sides
/// @param knownBoot with [Kind#OLDER_BOOT]: the latest boot that was met of the refused node; else
///   0
public record PeerRefusal(NodeId peer, Kind kind, boolean byPeer, String sentence, long knownBoot) {
  /// The reasons. Numbers go over the wire: they are append-only.
  public enum Kind {
    /// A reason that only a later release knows.
    UNNAMED(0),
    /// The two belong to different clusters.
    WRONG_CLUSTER(1),
    /// Another node answers at the address that was dialled.
    WRONG_NODE(2),
    /// The node is not a member.
    UNKNOWN_NODE(3),
    /// No protocol version that both speak.
    NO_COMMON_PROTOCOL(4),
    /// The same placement epoch, but another placement map.
    OTHER_PLACEMENT(5),
    /// A later boot of the node has been met: this one runs on an old image of its data.
    OLDER_BOOT(6),
    /// This boot of the node has been met with another nonce: one of the two runs on a copy.
    CLONE(7),
    /// An earlier boot of the node had synced more than its store now holds: yesterday's image, or
    /// a disk that lost its end.
    ROLLED_BACK(8);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }

    /// The reason with this number; [#UNNAMED] where this release knows none.
    public static Kind of(int number) {
      for (Kind kind : values()) {
        if (kind.number == number) {
          return kind;
        }
      }
      return UNNAMED;
    }
  }
}
