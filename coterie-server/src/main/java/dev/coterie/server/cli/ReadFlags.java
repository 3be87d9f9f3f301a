// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a read may ask for.
final class ReadFlags {
  @Option(names = "--r", paramLabel = "LEVEL", description = "Replies to wait for")
  private @Nullable String r;

  @Option(names = "--pr", paramLabel = "LEVEL", description = "Replies from primaries")
  private @Nullable String pr;

  @Option(
      names = "--notfound-ok",
      paramLabel = "true|false",
      arity = "1",
      description = "Whether \"not found\" counts towards r")
  private @Nullable Boolean notfoundOk;

  @Option(
      names = "--basic-quorum",
      paramLabel = "true|false",
      arity = "1",
      description = "With --notfound-ok=false: give up after a majority has found nothing")
  private @Nullable Boolean basicQuorum;

  void addTo(Query query) {
    query
        .level("r", r)
        .level("pr", pr)
        .text("notfound_ok", notfoundOk)
        .text("basic_quorum", basicQuorum);
  }
}
