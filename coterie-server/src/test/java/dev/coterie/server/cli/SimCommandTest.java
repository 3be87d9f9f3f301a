// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.remote.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./coterie sim`: what it prints, what it writes, how it ends.
final class SimCommandTest {
  @TempDir Path folder;

  private record Ran(int exit, String out, String err) {}

  private static Ran sim(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            () -> false);
    String[] all = new String[arguments.length + 1];
    all[0] = "sim";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    int exit = Main.run(terminal, all);
    return new Ran(exit, out.toString(UTF_8), err.toString(UTF_8));
  }

  @Test
  void goodSeedsEndWellAndTheirFingerprintDoesNotDependOnThreads() throws Json.Malformed {
    Ran one = sim("--seeds", "3..5", "--time", "3s", "--threads", "1", "--json");
    Ran three = sim("--seeds", "3..5", "--time", "3s", "--threads", "3", "--json");
    assertThat(one.exit()).isZero();
    Object first = Json.read(one.out());
    assertThat(Json.whole(first, "seeds")).isEqualTo(3);
    assertThat(Json.whole(first, "operations")).isPositive();
    assertThat(Json.list(first, "runs")).hasSize(3).doesNotHaveDuplicates();
    Object again = Json.read(three.out());
    assertThat(Json.text(again, "fingerprint")).isEqualTo(Json.text(first, "fingerprint"));
    assertThat(Json.list(again, "runs")).isEqualTo(Json.list(first, "runs"));
  }

  @Test
  void aFailingSeedSaysHowToRepeatItAndLeavesAShorterPlan() throws IOException {
    String[] arguments = {
      "--seeds",
      "1..2",
      "--time",
      "5s",
      "--bug",
      "write-answers-at-one",
      "--shrink",
      "40",
      "--out",
      folder.toString()
    };
    Ran ran = sim(arguments);
    assertThat(ran.exit()).isEqualTo(ExitCode.NEGATIVE);
    List<String> replays = ran.out().lines().filter(line -> line.contains("--seed ")).toList();
    assertThat(replays).isNotEmpty();
    assertThat(replays.getFirst())
        .startsWith("./coterie sim --seed ")
        .contains("--time 5s --bug write-answers-at-one");
    List<Path> plans;
    try (var files = Files.list(folder)) {
      plans = files.toList();
    }
    assertThat(plans).isNotEmpty();
    List<String> plan = Files.readAllLines(plans.getFirst());
    assertThat(plan).anyMatch(line -> line.startsWith("cluster ") && line.contains("bug="));
    assertThat(plan).hasSizeLessThan(40);
  }

  @Test
  void aTraceTellsMessagesAndEndsInTheSameFingerprint() throws Json.Malformed {
    Ran traced = sim("--seed", "3", "--time", "2s", "--trace");
    Object plain = Json.read(sim("--seed", "3", "--time", "2s", "--json").out());
    assertThat(traced.out())
        .startsWith("cluster ")
        .contains("> at ")
        .contains("StoreReplica b/")
        .contains("minted")
        .endsWith(
            "fingerprint " + Json.text(Json.list(plain, "runs").getFirst(), "fingerprint") + "\n");
    assertThat(sim("--trace", "--seeds", "1..2").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aScriptThatFailsSaysWhereAndRewritingMendsIt() throws IOException {
    Path file = folder.resolve("story.txt");
    Files.writeString(file, "cluster nodes=a,b,c\n----\n\nput via=a value=milk\n----\nwrong\n");
    Ran failed = sim("script", file.toString());
    assertThat(failed.exit()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(failed.out())
        .contains("FAIL " + file + " line 4:")
        .contains("c: applied {a/1:1} acks a, b")
        .endsWith("0 passed, 1 failed\n");
    assertThat(sim("script", "--rewrite", file.toString()).exit()).isZero();
    Ran passed = sim("script", "--jitter", "1", folder.toString());
    assertThat(passed.out()).isEqualTo("1 passed, 0 failed\n");
    assertThat(passed.exit()).isZero();
    assertThat(sim("script", folder.resolve("none").toString()).err()).contains("there is no file");
  }

  @Test
  void aTracedScriptIsToldUpToThePromiseThatItBreaks() throws IOException {
    Path file = folder.resolve("story.txt");
    String steps = "crash b\ncrash c\nput via=a value=milk w=2\nrun 5s\n";
    Files.writeString(file, "cluster nodes=a,b,c bug=write-answers-at-one\n" + steps);
    Ran failed = sim("script", "--trace", file.toString());
    assertThat(failed.exit()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(failed.out())
        .contains("> crash b", "a: minted (a/1,1) for b/k", "violation O7: ")
        .doesNotContain("> run 5s")
        .endsWith("0 passed, 1 failed\n");
    Files.writeString(file, "cluster nodes=a,b,c\nput via=a value=milk\nexpect applied\n");
    Ran passed = sim("script", "--trace", file.toString());
    assertThat(passed.out()).contains("StoreReplica b/k").endsWith("1 passed, 0 failed\n");
    Files.writeString(file, "cluster nodes=a,b,c\nget via=a\nexpect found\nfly\n");
    Ran unmet = sim("script", "--trace", file.toString());
    assertThat(unmet.out()).contains("line 3: ", "line 4: ").endsWith("0 passed, 1 failed\n");
    assertThat(sim("script", "--trace", "--json", file.toString()).exit())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aPlantedBugThatIsFoundStandsInTheTable() throws Json.Malformed {
    Ran ran = sim("--planted", "--bug", "ack-before-sync", "--seeds", "1..3", "--time", "5s");
    assertThat(ran.out()).contains("ack-before-sync").contains("1 of 1 planted bugs found");
    assertThat(ran.exit()).isZero();
    Object told =
        Json.read(
            sim(
                    "--planted",
                    "--bug",
                    "ack-before-sync",
                    "--seeds",
                    "1..3",
                    "--time",
                    "5s",
                    "--json")
                .out());
    Object row = Json.list(told, "planted").getFirst();
    assertThat(Json.text(row, "bug")).isEqualTo("ack-before-sync");
    assertThat(Json.text(row, "oracle")).isEqualTo("O7");
    assertThat(sim("--planted", "--rotate", "x", "--seed", "1").exit()).isEqualTo(ExitCode.USAGE);
    Ran missed = sim("--planted", "--bug", "ack-before-sync", "--seeds", "1", "--time", "1s");
    assertThat(missed.exit())
        .isEqualTo(missed.out().contains("0 of 1") ? ExitCode.NEGATIVE : ExitCode.OK);
  }

  @Test
  void whatMakesNoSenseIsSaid() {
    assertThat(sim("--seeds", "9..3").err()).contains("9..3");
    assertThat(sim("--seeds", "x").err()).contains("no range of seeds such as 1..300");
    assertThat(sim("--time", "soon").err()).contains("is not a time such as");
    assertThat(sim("--bug", "none-such").err()).contains("ack-before-sync");
    assertThat(sim("--seed", "1", "--seeds", "1..2").err()).contains("not both");
    assertThat(sim("--threads", "0").exit()).isEqualTo(ExitCode.USAGE);
  }
}
