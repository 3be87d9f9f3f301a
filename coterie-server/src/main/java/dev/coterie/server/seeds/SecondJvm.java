// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.server.remote.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The same seeds in a JVM of their own: whatever differs between two JVMs (hash seeds, identity
/// hashes, the order of tables) and reaches a run parts the fingerprints.
public final class SecondJvm {
  /// The other JVM could not be started or did not answer as it should.
  public static final class Failed extends IOException {
    private static final long serialVersionUID = 1L;

    Failed(String sentence) {
      super(sentence);
    }

    Failed(String sentence, Exception cause) {
      super(sentence, cause);
    }
  }

  private SecondJvm() {}

  /// The fingerprint of each seed, as another JVM finds it.
  public static SortedMap<Long, String> fingerprints(SeedRange seeds, long millis, int threads)
      throws IOException, InterruptedException {
    String java =
        ProcessHandle.current()
            .info()
            .command()
            .orElseThrow(() -> new Failed("this system does not say which java runs this"));
    ProcessBuilder builder =
        new ProcessBuilder(
                java,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path", ""),
                "dev.coterie.server.cli.Main",
                "sim",
                "--seeds",
                seeds.toString(),
                "--time",
                SeedPlan.time(millis),
                "--threads",
                Integer.toString(threads),
                "--shrink",
                "0",
                "--json")
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    SortedMap<Long, String> found = new TreeMap<>();
    try {
      @Nullable Object answer = Json.read(text);
      for (@Nullable Object run : new ArrayList<>(Json.list(answer, "runs"))) {
        found.put(Json.whole(run, "seed"), Json.text(run, "fingerprint"));
      }
    } catch (Json.Malformed e) {
      throw new Failed("the second JVM ended with " + exit + " and printed no result", e);
    }
    return found;
  }

  /// A line for each seed whose fingerprint differs.
  public static List<String> differences(List<SeedOutcome> here, SortedMap<Long, String> there) {
    List<String> lines = new ArrayList<>();
    for (SeedOutcome outcome : here) {
      long seed = outcome.plan().seed();
      String other = there.getOrDefault(seed, "nothing");
      if (!other.equals(outcome.fingerprint())) {
        lines.add(
            "seed "
                + seed
                + ": "
                + outcome.fingerprint()
                + " here, "
                + other
                + " in the second JVM");
      }
    }
    return lines;
  }
}
