// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import dev.coterie.core.base.NodeId;

/// What the identity file says.
///
/// @param clusterId id of the cluster
/// @param node the node's id
/// @param storeId 64 random bits drawn when the data directory was made; the store carries the same
/// @param boot how often the node has started; raised and fsynced before anything is minted
/// @param watermark the store held at least this sequence number, synced
/// @param cleanStop whether the node stopped by itself after a last sync
public record Identity(
    String clusterId, NodeId node, long storeId, long boot, long watermark, boolean cleanStop) {
  public static final int FORMAT = 1;
}
