// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.transport;

import dev.coterie.core.base.NodeId;
import java.util.OptionalInt;

/// What two nodes tell each other before any message: who they are and what they can speak.
///
/// @param cluster the cluster's id, the same on all its nodes; 1 to 128 characters
/// @param node who speaks
/// @param boot how often the node has started
/// @param nonce 64 random bits drawn at this start; tells a copy of a data directory from its
///   original
/// @param storeId 64 random bits drawn when the node's store was made: an empty disk gets another;
///   0 where a node of an earlier version does not say
/// @param protocolMin the oldest protocol version that the node still speaks
/// @param protocolMax the newest
/// @param openedAt the last sequence number that its store held when this boot opened it
/// @param lostAt the last boot of the node that began without data that it had held before, or as a
///   new node: what is known of earlier ones says nothing of this store
/// @param placementEpoch epoch of the placement map that the node computed
/// @param placementFingerprint its fingerprint: two nodes of one epoch must agree on it
public record PeerHello(
    String cluster,
    NodeId node,
    long boot,
    long nonce,
    long storeId,
    int protocolMin,
    int protocolMax,
    long openedAt,
    long lostAt,
    long placementEpoch,
    long placementFingerprint) {
  public static final int CLUSTER_LENGTH_MAX = 128;

  public PeerHello {
    if (cluster.isEmpty() || cluster.length() > CLUSTER_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "a cluster's id has 1 to "
              + CLUSTER_LENGTH_MAX
              + " characters, but this one had "
              + cluster.length());
    }
    if (boot < 0 || openedAt < 0 || lostAt < 0 || placementEpoch < 0) {
      throw new IllegalArgumentException(
          "boot, sequence and placement epoch are never negative, but were "
              + boot
              + ", "
              + openedAt
              + ", "
              + lostAt
              + " and "
              + placementEpoch);
    }
    if (protocolMin < 0 || protocolMax < protocolMin) {
      throw new IllegalArgumentException(
          "protocol versions go from a lower to a higher one, but were "
              + protocolMin
              + " to "
              + protocolMax);
    }
  }

  /// The protocol version that the two speak: the lower of the two newest, if both know it.
  public OptionalInt commonProtocol(PeerHello other) {
    int newest = Math.min(protocolMax, other.protocolMax);
    return newest >= Math.max(protocolMin, other.protocolMin)
        ? OptionalInt.of(newest)
        : OptionalInt.empty();
  }
}
