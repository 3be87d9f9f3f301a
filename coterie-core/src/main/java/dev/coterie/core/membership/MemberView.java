// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.Incarnation;
import dev.coterie.core.message.MemberStatus;

/// What one node thinks of another at one instant.
///
/// @param sinceNanos since when, on the monotonic clock of the node that thinks so
/// @param heardNanos when anything of it last came, on the same clock; negative for never
/// @param why in words, for people
/// @param slowPercent how long its answers take in per cent of the cluster's median; 100 where
///   nothing is known
/// @param slow whether it is to be asked last
public record MemberView(
    NodeId node,
    MemberStatus status,
    Incarnation incarnation,
    long sinceNanos,
    long heardNanos,
    String why,
    int slowPercent,
    boolean slow) {}
