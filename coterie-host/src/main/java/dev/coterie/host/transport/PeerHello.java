// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.transport;

import dev.coterie.core.base.NodeId;

/// What two nodes tell each other before any message: who they are and what they can speak.
///
/// @param cluster the cluster's id, the same on all its nodes
/// @param node who speaks
/// @param boot how often the node has started
/// @param nonce 64 random bits drawn at this start; tells a copy of a data directory from its
///   original
/// @param protocolMin the oldest protocol version that the node still speaks
/// @param protocolMax the newest
/// @param placementEpoch epoch of the placement map that the node computed
/// @param placementFingerprint its fingerprint: two nodes of one epoch must agree on it
public record PeerHello(
    String cluster,
    NodeId node,
    long boot,
    long nonce,
    int protocolMin,
    int protocolMax,
    long placementEpoch,
    long placementFingerprint) {}
