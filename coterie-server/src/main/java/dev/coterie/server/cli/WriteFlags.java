// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a write may ask for.
final class WriteFlags {
  @Option(
      names = "--w",
      paramLabel = "LEVEL",
      description =
          "Copies to wait for: a number, or one, quorum or all; any: one durable copy, on whatever"
              + " machine")
  private @Nullable String w;

  @Option(names = "--pw", paramLabel = "LEVEL", description = "Copies on primaries")
  private @Nullable String pw;

  @Option(names = "--dw", paramLabel = "LEVEL", description = "Copies past fsync")
  private @Nullable String dw;

  @Option(
      names = "--durability",
      paramLabel = "synced|buffered",
      description = "When a copy counts: past fsync, or in the operating system's hands")
  private @Nullable Durability durability;

  /// The words of `--durability`.
  enum Durability {
    synced,
    buffered
  }

  void addTo(Query query) {
    query.level("w", w).level("pw", pw).level("dw", dw).text("durability", durability);
  }
}
