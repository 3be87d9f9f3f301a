// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.pbs.Quorum;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The settings of n, r and w that a verb of the lab looks at: one, or all r and w of an n.
final class QuorumRange {
  @Option(
      names = "--n",
      paramLabel = "N",
      description = "Replicas of a key (default: ${DEFAULT-VALUE})")
  private int n = 3;

  @Option(
      names = "--r",
      paramLabel = "R",
      description = "Answers that a read waits for (default: each from 1 to n)")
  private @Nullable Integer r;

  @Option(
      names = "--w",
      paramLabel = "W",
      description = "Acks that a write waits for (default: each from 1 to n)")
  private @Nullable Integer w;

  /// @param most the largest n that the verb can do
  List<Quorum> quorums(int most) {
    if (n < 1 || n > most) {
      throw CliFailure.usage("--n " + n + ": from 1 to " + most);
    }
    List<Quorum> found = new ArrayList<>();
    try {
      for (int read = r == null ? 1 : r; read <= (r == null ? n : r); read++) {
        for (int write = w == null ? 1 : w; write <= (w == null ? n : w); write++) {
          found.add(new Quorum(n, read, write));
        }
      }
    } catch (IllegalArgumentException e) {
      throw CliFailure.usage(String.valueOf(e.getMessage()));
    }
    return found;
  }

  static Latency latency(String text) throws IOException {
    try {
      return Latency.parse(MeasuredDelays.resolved(text));
    } catch (IllegalArgumentException e) {
      throw CliFailure.usage("--latency: " + e.getMessage());
    }
  }

  /// A number of trials, also as `1e6`.
  static int trials(String text, int most) {
    double count;
    try {
      count = Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw CliFailure.usage("--trials " + text + ": a number such as 50000 or 1e6");
    }
    if (!(count >= 1 && count <= most) || count != Math.rint(count)) {
      throw CliFailure.usage("--trials " + text + ": a whole number from 1 to " + most);
    }
    return (int) count;
  }
}
