// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What any request may ask for.
final class RequestFlags {
  @Option(
      names = "--n",
      paramLabel = "LEVEL",
      description = "Ask only this many of the key's copies")
  private @Nullable String n;

  @Option(
      names = "--node-confirms",
      paramLabel = "LEVEL",
      description = "Distinct machines among those that answer")
  private @Nullable String nodeConfirms;

  @Option(names = "--timeout", paramLabel = "MS", description = "Time for the cluster to answer")
  private @Nullable Integer timeoutMillis;

  Query query() {
    return new Query()
        .level("n_val", n)
        .level("node_confirms", nodeConfirms)
        .text("timeout", timeoutMillis);
  }
}
