// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.transport;

import dev.coterie.core.base.NodeId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a node has heard of its peers and holds them to: the newest boot of each, and how far its
/// store was synced. It is kept beside the identity file, so that a peer on yesterday's image is
/// found out also when every process of the cluster has been started again meanwhile (F45).
///
/// Every entry is a fact that stays true, so an old memory is only weaker, never wrong.
///
/// @param peers by node
public record PeerMemory(SortedMap<NodeId, Known> peers) {
  /// What is heard within the last of these before a power cut may be forgotten.
  public static final long INTERVAL_NANOS = 5_000_000_000L;

  public static final PeerMemory EMPTY = new PeerMemory(new TreeMap<>());

  /// @param boot the newest boot that was met; 0 for none
  /// @param nonce its nonce
  /// @param storeId the id of the store that it had in that boot; 0 for unknown
  /// @param syncedBoot the boot in which `synced` was said; 0 for none
  /// @param synced the last sequence number that the peer's store was said to have synced
  public record Known(long boot, long nonce, long storeId, long syncedBoot, long synced) {
    public Known {
      if (boot < 0 || syncedBoot < 0 || synced < 0) {
        throw new IllegalArgumentException(
            "boots and sequences are never negative, but were "
                + boot
                + ", "
                + syncedBoot
                + " and "
                + synced);
      }
    }
  }

  public PeerMemory {
    peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
  }
}
