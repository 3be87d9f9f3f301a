// SPDX-License-Identifier: Apache-2.0
/// What is measured of quorum requests, and how it is counted: `quorum_read_latency_ms`,
/// `write_success_rate` and `stale_read_pct` have one meaning and one code, on a live node and in a
/// simulated cluster. Nothing here reads a clock: time comes in with each event.
///
/// [dev.coterie.host.metric.QuorumMetrics] is written by one thread, which never waits and never
/// allocates, and read by any: counts are stored with opaque writes, so a reader sees each number
/// whole and may see one of two numbers a moment earlier than the other.
/// [dev.coterie.host.metric.QuorumSnapshot] is what a reader gets; those of several shards are
/// joined.
@NullMarked
package dev.coterie.host.metric;

import org.jspecify.annotations.NullMarked;
