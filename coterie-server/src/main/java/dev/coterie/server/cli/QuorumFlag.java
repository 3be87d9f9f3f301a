// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How the answers to a request are counted.
final class QuorumFlag {
  @Option(
      names = "--quorum",
      paramLabel = "strict|sloppy",
      description = "Whether fallbacks count where owners cannot be reached")
  private @Nullable QuorumWord quorum;

  void addTo(Query query) {
    query.text("quorum", quorum);
  }
}
