// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import dev.coterie.core.membership.FailureDetector;
import dev.coterie.core.node.PaceFigures;
import dev.coterie.core.node.RoundTrips;

/// What an operator asks of a node beyond its [dev.coterie.host.service.NodeStatus]: numbers that
/// whoever runs the node can read off without waiting.
///
/// @param quorum what clients got, of all shards together
/// @param storeSequence sequence number of the last batch written to the store
/// @param storeSequenceSynced the highest that is past fsync; the distance is what a power cut
///   would take
/// @param storeSyncs fsyncs of the store since it was opened
/// @param transportQueuedBytes bytes that wait to be sent to other nodes
/// @param repairs stale copies that reads have seen and mended since the start
/// @param alarms alarms raised since the start
/// @param reads what reads cost beyond their quorum
/// @param expiry what becomes of values that expire
/// @param detector what the failure detector has done
/// @param hints what has become of hints
/// @param audits what comparisons of hash trees have found
/// @param lastWrites what last-write-wins has thrown away
/// @param roundTrips how long peers took to answer
/// @param pace how work is divided between requests and the background
/// @param disk how long syncs take, and what room is left
/// @param clock how the wall clock stands to the others'
/// @param pauses how long the collector of garbage has held up the process
public record NodeMetrics(
    QuorumSnapshot quorum,
    long storeSequence,
    long storeSequenceSynced,
    long storeSyncs,
    long transportQueuedBytes,
    long repairs,
    long alarms,
    ReadFigures reads,
    ExpiryFigures expiry,
    FailureDetector.Figures detector,
    HintCounts hints,
    AuditFigures audits,
    LastWriteFigures lastWrites,
    PaceFigures pace,
    RoundTrips.Figures roundTrips,
    DiskFigures disk,
    ClockFigures clock,
    PauseFigures pauses) {}
