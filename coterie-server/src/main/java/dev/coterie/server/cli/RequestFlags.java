// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What any request may ask for.
final class RequestFlags {
  /// Where no timeout is given; a node's own is 10 s unless it is configured otherwise.
  private static final int REPLY_MILLIS = 60_000;

  private static final int REPLY_SLACK_MILLIS = 5_000;

  /// What a node cuts longer timeouts down to.
  private static final int TIMEOUT_MILLIS_MAX = 600_000;

  @Option(
      names = "--n",
      paramLabel = "COUNT",
      description = "Ask only this many of the key's copies")
  private @Nullable Integer n;

  @Option(
      names = "--node-confirms",
      paramLabel = "LEVEL",
      description = "Distinct machines among those that answer")
  private @Nullable String nodeConfirms;

  @Option(names = "--timeout", paramLabel = "MS", description = "Time for the cluster to answer")
  private @Nullable Integer timeoutMillis;

  /// How long to wait for a node's answer: longer than the node itself waits for the others.
  int replyMillis() {
    return timeoutMillis == null
        ? REPLY_MILLIS
        : Math.clamp(timeoutMillis, 0, TIMEOUT_MILLIS_MAX) + REPLY_SLACK_MILLIS;
  }

  Query query() {
    return new Query()
        .text("n_val", n)
        .level("node_confirms", nodeConfirms)
        .text("timeout", timeoutMillis);
  }
}
