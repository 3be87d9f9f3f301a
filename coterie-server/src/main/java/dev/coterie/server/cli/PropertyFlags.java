// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.core.quorum.Conflict;
import dev.coterie.core.quorum.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A bucket's properties as options.
final class PropertyFlags {
  @Option(
      names = "--n",
      paramLabel = "COUNT",
      description = "Copies of each key; fixed at the first write")
  private @Nullable Integer n;

  @Option(names = "--r", paramLabel = "LEVEL", description = "Replies that a read waits for")
  private @Nullable String r;

  @Option(names = "--w", paramLabel = "LEVEL", description = "Copies that a write waits for")
  private @Nullable String w;

  @Option(names = "--pr", paramLabel = "LEVEL", description = "Replies from primaries")
  private @Nullable String pr;

  @Option(names = "--pw", paramLabel = "LEVEL", description = "Copies on primaries")
  private @Nullable String pw;

  @Option(names = "--dw", paramLabel = "LEVEL", description = "Copies past fsync")
  private @Nullable String dw;

  @Option(
      names = "--node-confirms",
      paramLabel = "LEVEL",
      description = "Distinct machines among those that answer")
  private @Nullable String nodeConfirms;

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

  @Option(
      names = "--durability",
      paramLabel = "synced|buffered",
      description = "When a copy counts: past fsync, or in the operating system's hands")
  private WriteFlags.@Nullable Durability durability;

  @Option(
      names = "--quorum",
      paramLabel = "strict|sloppy",
      description = "Whether fallbacks count where owners cannot be reached")
  private @Nullable QuorumWord quorum;

  @Option(
      names = "--default-ttl",
      paramLabel = "TIME",
      description = "Life of a value whose put gives no TTL: 30s, 15m, 12h, 7d; none: it stays")
  private @Nullable String defaultTtl;

  @Option(
      names = "--conflict",
      paramLabel = "siblings|lww-lossy",
      description =
          "What becomes of values written at the same time: all are kept, or the last one by the"
              + " clock and the others are lost (docs/last-write-wins.md)")
  private @Nullable String conflict;

  /// Those that were given, by their names in a bucket's `props`.
  Map<String, @Nullable Object> given() {
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    if (n != null) {
      given.put("n_val", n);
    }
    level(given, "r", r);
    level(given, "w", w);
    level(given, "pr", pr);
    level(given, "pw", pw);
    level(given, "dw", dw);
    level(given, "node_confirms", nodeConfirms);
    if (notfoundOk != null) {
      given.put("notfound_ok", notfoundOk);
    }
    if (basicQuorum != null) {
      given.put("basic_quorum", basicQuorum);
    }
    if (durability != null) {
      given.put("durability", durability.name());
    }
    if (quorum != null) {
      given.put("quorum", quorum.name());
    }
    if (conflict != null) {
      if (Conflict.of(conflict) == null) {
        throw CliFailure.usage(
            "--conflict is '" + conflict + "' but must be siblings or lww-lossy");
      }
      given.put("conflict", conflict);
    }
    if (defaultTtl != null) {
      given.put("default_ttl", TimeSpan.secondsOrNone("--default-ttl", defaultTtl));
    }
    return given;
  }

  private static void level(
      Map<String, @Nullable Object> given, String name, @Nullable String text) {
    if (text == null) {
      return;
    }
    Level level = Level.parse(text);
    boolean misplaced = level == Level.Named.ANY && !name.equals("w");
    if (level == null || level == Level.DEFAULT || misplaced) {
      throw CliFailure.usage(
          "--"
              + name.replace('_', '-')
              + " is '"
              + text
              + "' but must be a number, or one, quorum or all"
              + (name.equals("w") ? ", or any" : ""));
    }
    given.put(name, level instanceof Level.Count(int count) ? Integer.valueOf(count) : text);
  }
}
