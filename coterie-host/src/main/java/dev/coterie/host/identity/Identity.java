// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import dev.coterie.core.base.NodeId;

/// What the identity file says.
///
/// @param clusterId id of the cluster, 1 to 128 printable ASCII characters without space
/// @param node the node's id
/// @param storeId 64 random bits drawn when the store was made; the store carries the same
/// @param boot how often the node has started; raised and fsynced before anything is minted
/// @param watermark the store held at least this sequence number, synced
/// @param cleanStop whether the node stopped by itself after a last sync
/// @param rebuilding whether the store was found to have lost data and has not yet been rebuilt
///   from the other owners, or is new and nobody has confirmed yet that the node is
/// @param lostAt the last boot that began without data that the node had held before, or as a new
///   node: what peers know of earlier boots is no measure for this store
public record Identity(
    String clusterId,
    NodeId node,
    long storeId,
    long boot,
    long watermark,
    boolean cleanStop,
    boolean rebuilding,
    long lostAt) {
  /// Version of the file's format.
  public static final int FORMAT = 1;

  public static final int CLUSTER_ID_LENGTH_MAX = 128;

  /// `lostAt` of a store that began as new: data is never lost in the first boot.
  public static final long NEW = 1;

  public Identity {
    if (!validClusterId(clusterId)) {
      throw new IllegalArgumentException(
          "cluster id must be 1 to 128 printable ASCII characters without space, but was '"
              + clusterId
              + "'");
    }
  }

  public static boolean validClusterId(String clusterId) {
    return !clusterId.isEmpty()
        && clusterId.length() <= CLUSTER_ID_LENGTH_MAX
        && clusterId.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  /// Whether the store began as new, and no other member has confirmed yet that the node was new
  /// too, and not wiped.
  public boolean unconfirmed() {
    return rebuilding && lostAt == NEW;
  }

  public Identity withWatermark(long synced) {
    return new Identity(clusterId, node, storeId, boot, synced, cleanStop, rebuilding, lostAt);
  }

  public Identity stoppedAt(long synced) {
    return new Identity(clusterId, node, storeId, boot, synced, true, rebuilding, lostAt);
  }

  public Identity rebuilt() {
    return new Identity(clusterId, node, storeId, boot, watermark, cleanStop, false, lostAt);
  }
}
