// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

/// What one node says to another. A message may be lost, doubled, delayed for an hour or overtaken
/// by a later one; no handler relies on anything else.
public sealed interface Message
    permits ReplicaMessage,
        HandoffMessage,
        ExchangeMessage,
        TreeMessage,
        ClusterMessage,
        MembershipMessage,
        ExplainMessage {}
