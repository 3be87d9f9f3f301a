// SPDX-License-Identifier: Apache-2.0
/// A node's metrics in Prometheus's text formats. [dev.coterie.server.metrics.MetricsText] puts
/// together what others count: quorum figures ([dev.coterie.host.metric.QuorumMetrics]), the node's
/// status, its HTTP listener and its process. Nothing is counted here, so that serving requests
/// never touches this library. No metric has a key for a label, and one alone a bucket, of which
/// the number is bounded: what last-write-wins has thrown away.
@NullMarked
package dev.coterie.server.metrics;

import org.jspecify.annotations.NullMarked;
