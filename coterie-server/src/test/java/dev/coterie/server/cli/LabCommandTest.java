// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.remote.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./coterie lab`: what it prints and how it ends.
final class LabCommandTest {
  private static final String SCENARIO = "v1.catalogue.fail=none.time=3s";

  @TempDir Path folder;

  private record Ran(int exit, String out, String err) {}

  private static Ran lab(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            () -> false);
    List<String> all = new ArrayList<>(List.of("lab"));
    all.addAll(List.of(arguments));
    int exit = Main.run(terminal, all.toArray(String[]::new));
    return new Ran(exit, out.toString(UTF_8), err.toString(UTF_8));
  }

  @Test
  void assertionsDecideTheExitCode() {
    Ran held =
        lab("run", SCENARIO, "--assert", "stale_read_pct<0.1", "--assert", "write_success_rate>=1");
    assertThat(held.exit()).as(held.err()).isZero();
    Ran broken = lab("run", SCENARIO, "--assert", "stale_read_pct > 0");
    assertThat(broken.exit()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(broken.err()).contains("not so: stale_read_pct>0.0, it is 0.0");
    assertThat(lab("run", SCENARIO, "--assert", "stale_age_ms_p50<1").exit())
        .as("a metric without a value keeps no promise")
        .isEqualTo(ExitCode.NEGATIVE);
  }

  /// A read of a strict quorum can go back behind what was never acknowledged, and not be stale.
  @Test
  void whatWentWrongIsCountedAlsoWhereNothingWasStale() {
    Ran chat = lab("run", "v1.chat");
    assertThat(chat.out()).containsPattern("stale_read_pct +0\\.000").contains("UNACKED_NEWER");
  }

  @Test
  void whatIsForetoldByCountingHolds() {
    String out = lab("run", "v1.catalogue").out();
    Matcher row =
        Pattern.compile("busiest owner +([0-9.]+) .* by counting at least ([0-9.]+)\n")
            .matcher(out);
    assertThat(row.find()).as(out).isTrue();
    assertThat(Double.parseDouble(row.group(1)))
        .isGreaterThanOrEqualTo(Double.parseDouble(row.group(2)));
  }

  @Test
  void readsThatFailAreCounted() {
    assertThat(lab("run", SCENARIO).out()).containsPattern("reads_failed +0  0\\.000 % of [1-9]");
    String misreading = "v1.cart.nodes=3.fail=crash(1s,4s,A),crash(1s,4s,B).time=5s";
    assertThat(lab("run", misreading).out())
        .containsPattern("reads_failed +[1-9][0-9]*  [1-9][0-9]\\.[0-9]+ % of [1-9]");
    // What others answer late for owners that are down fails where nobody stands in.
    String sloppy = "v1.cart.fail=crash(1s,4s,A),crash(1s,4s,B).time=5s";
    Ran compared = lab("compare", sloppy, sloppy + ".sloppy=off", "--seeds", "1..16");
    assertThat(compared.out())
        .containsPattern("quorum_read_latency_ms_p50 .*of reads that succeeded; failed: A .*, B ")
        .doesNotContainPattern("quorum_read_latency_ms.*B is better");
  }

  @Test
  void itSaysHowFastItPlayed() throws Json.Malformed {
    Ran ran = lab("run", SCENARIO, "--repeat", "3", "--json");
    assertThat(ran.exit()).as(ran.err()).isZero();
    Object pace = Json.member(Json.read(ran.out()), "pace");
    assertThat(Json.whole(pace, "times")).isEqualTo(3);
    for (String which : List.of("first", "warm")) {
      Map<?, ?> lap = (Map<?, ?>) Json.member(pace, which);
      double seconds = (Double) lap.get("seconds");
      double operations = Json.whole(pace, "operations");
      // Seconds are told in whole milliseconds, of which such a run takes few.
      assertThat(operations / (Double) lap.get("simulated_ops_per_second"))
          .isCloseTo(seconds, Offset.offset(0.001));
      assertThat(3.2 / (Double) lap.get("times_real_time"))
          .isCloseTo(seconds, Offset.offset(0.001 + 0.1 * seconds));
    }
    assertThat(lab("run", SCENARIO).out())
        .containsPattern("s of simulated time in .* times as fast; .* operations per second");
    assertThat(lab("run", SCENARIO, "--repeat", "2").out())
        .contains("the first time: ", "later ones of 2 (median): ");
    assertThat(lab("run", SCENARIO, "--repeat", "0").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("run", SCENARIO, "--repeat", "2", "--seeds", "1..2").exit())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void whatCannotBeUsedEndsWithTwo() {
    assertThat(lab("run", "v2.cart").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("run", "--r", "4").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("run", SCENARIO, "--assert", "speed<1").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("run", SCENARIO, "--assert", "stale_read_pct").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("run", SCENARIO, "--template", "cart").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("serve", "--port", "-1").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("serve", "--port", "0", "--cluster", "no-such-folder").err())
        .contains("no cluster in no-such-folder")
        .contains("./coterie up");
    assertThat(lab("serve", "--port", "0", "--host", "0.0.0.0", "--cluster", ".").err())
        .contains("--cluster goes with a --host of loopback");
    assertThat(lab("fly").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void optionsLinkAndFileAreOneScenario() throws IOException {
    String expected = "scenario  " + SCENARIO;
    assertThat(lab("run", "--template", "catalogue", "--fail", "none", "--for", "3s").out())
        .contains(expected);
    assertThat(lab("run", SCENARIO, "--fail", "split 1s..2s A|B,C").out())
        .contains("scenario  v1.catalogue.fail=split(1s,2s,A|B+C).time=3s");
    assertThat(lab("run", SCENARIO, "--fail", "split 1s..2s").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("run", "--template", "catalogue", "--fail", "none", "--time", "3s").out())
        .contains(expected);
    assertThat(lab("run", "http://127.0.0.1:8080/lab#" + SCENARIO).out()).contains(expected);
    Path file = folder.resolve("scenario.txt");
    Files.writeString(file, SCENARIO + "\n");
    assertThat(lab("run", file.toString()).out()).contains(expected);
    assertThat(lab("run", "v1.catalogue.time=3s", "--fail", "none").out()).contains(expected);
    Path written = folder.resolve("out.json");
    Files.writeString(written, lab("run", SCENARIO, "--json").out());
    assertThat(lab("run", written.toString()).out()).contains(expected);
    Files.writeString(written, "{\"scenario\":\"" + SCENARIO + "\"}");
    assertThat(lab("run", written.toString()).out()).contains(expected);
    Files.writeString(written, "{\"scenario\":");
    assertThat(lab("run", written.toString()).exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void jsonGoesToAFileBesidesWhatIsPrinted() throws IOException, Json.Malformed {
    Path file = folder.resolve("run.json");
    Ran ran = lab("run", SCENARIO, "--json", file.toString());
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("quorum_read_latency_ms", "scenario  " + SCENARIO);
    Object summary = Json.member(Json.read(Files.readString(file)), "summary");
    assertThat(ran.out()).contains("result    " + Json.text(summary, "hash"));
    Path bands = folder.resolve("bands.json");
    assertThat(lab("run", SCENARIO, "--seeds", "1..2", "--json", bands.toString()).out())
        .contains(" on seeds 1..2");
    assertThat(Json.text(Json.read(Files.readString(bands)), "scenario")).isEqualTo(SCENARIO);
    // What follows and is a scenario is none of its files.
    Object printed = Json.read(lab("run", "--json", SCENARIO).out());
    assertThat(Json.text(Json.member(printed, "summary"), "scenario")).isEqualTo(SCENARIO);
    assertThat(Json.read(lab("run", SCENARIO, "--json", "--r", "1").out())).isNotNull();
    // A file that was meant as the scenario is not written over.
    Files.writeString(file, SCENARIO);
    Ran unclear = lab("run", "--json", file.toString());
    assertThat(unclear.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(Files.readString(file)).isEqualTo(SCENARIO);
    assertThat(lab("run", SCENARIO, "--json", folder.toString()).exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aLinkOfAnotherBuildIsPlayedAndSaysSo() throws Json.Malformed {
    Ran printed = lab("run", SCENARIO);
    Matcher link = Pattern.compile("link +(/lab#\\S+)").matcher(printed.out());
    assertThat(link.find()).as(printed.out()).isTrue();
    Matcher result = Pattern.compile("result +([0-9a-f]{16})").matcher(printed.out());
    assertThat(result.find()).isTrue();
    String hash = result.group(1);
    assertThat(link.group(1)).matches(".*#" + SCENARIO + "&build=[\\w.-]+&result=" + hash);
    Ran same = lab("run", "http://n1:8097" + link.group(1));
    assertThat(same.exit()).isZero();
    assertThat(same.err()).doesNotContain("build");
    String other = link.group(1).replaceFirst("build=[^&]+", "build=0.0.9-00000000");
    for (String verb : List.of("run", "replay")) {
      List<String> line = new ArrayList<>(List.of(verb, "http://n1:8097" + other));
      line.addAll(verb.equals("replay") ? List.of("--state") : List.of());
      Ran ran = lab(line.toArray(String[]::new));
      assertThat(ran.exit()).isZero();
      assertThat(ran.out()).contains(hash);
      assertThat(ran.err())
          .contains("made by build 0.0.9-00000000, this is ")
          .contains("the result is the same");
    }
    Ran changed = lab("run", "/lab#" + SCENARIO + "&build=0.0.9-00000000", "--r", "2", "--json");
    assertThat(changed.err()).as("of other settings it says nothing").doesNotContain("build");
    Object summary = Json.member(Json.read(changed.out()), "summary");
    assertThat(link.group(1)).contains("&build=" + Json.text(summary, "build") + "&");
  }

  @Test
  void aLiveRunHasTheOptionForItsTimeThatOthersHave() {
    for (String option : List.of("--for", "--time")) {
      Ran ran = lab("live", SCENARIO, option, "0s", "--cluster", "127.0.0.1:1");
      assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err()).contains("time: 0s is not from 1 to 600 s");
    }
  }

  @Test
  void jsonAndCsvAreForPrograms() throws IOException, Json.Malformed {
    Path csv = folder.resolve("ops.csv");
    Ran ran = lab("run", SCENARIO, "--json", "--csv", csv.toString());
    Object summary = Json.member(Json.read(ran.out()), "summary");
    assertThat(Json.text(summary, "scenario")).isEqualTo(SCENARIO);
    assertThat(lab("run", SCENARIO).out()).contains("result    " + Json.text(summary, "hash"));
    assertThat(Files.readAllLines(csv))
        .hasSizeGreaterThan(300)
        .first()
        .asString()
        .startsWith("id,kind,key");
  }

  @Test
  void twoScenariosAreComparedOnTheSameSeeds() throws Json.Malformed {
    String other = "v1.catalogue.r=3.w=1.fail=none.time=3s";
    Ran ran = lab("compare", SCENARIO, other, "--seeds", "1..8", "--json");
    assertThat(ran.exit()).as(ran.err()).isZero();
    Object comparison = Json.read(ran.out());
    assertThat(Json.whole(comparison, "played")).isEqualTo(8);
    Object write =
        Json.list(comparison, "metrics").stream()
            .filter(each -> Json.text(each, "metric").equals("quorum_write_latency_ms_p50"))
            .findFirst()
            .orElseThrow();
    assertThat(Json.text(write, "verdict")).isEqualTo("UNCLEAR");
    assertThat(lab("compare", SCENARIO, other, "--seeds", "1..8").out())
        .contains("stale_read_pct", "the same on every seed", "unclear");
    assertThat(lab("compare", SCENARIO, "v9").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("compare", SCENARIO, other, "--seeds", "5..1").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aRunOnSeveralSeedsGivesBands() throws Json.Malformed {
    Ran ran = lab("run", SCENARIO, "--seeds", "1..4", "--json", "--assert", "stale_read_pct<=0");
    assertThat(ran.exit()).as(ran.err()).isZero();
    Object metrics = Json.member(Json.read(ran.out()), "metrics");
    Object reads = Json.member(metrics, "quorum_read_latency_ms_p50");
    assertThat(Json.whole(reads, "seeds")).isEqualTo(4);
    assertThat(Json.list(reads, "ci95")).hasSize(2);
    assertThat(lab("run", SCENARIO, "--seeds", "1..4", "--assert", "read_p50<0.001").exit())
        .isEqualTo(ExitCode.NEGATIVE);
  }

  @Test
  void settingsThatMeetTargetsAreRanked() throws Json.Malformed {
    List<String> asked =
        List.of(
            "sweep",
            SCENARIO,
            "--quorums-only",
            "--seeds",
            "1..2",
            "--target",
            "stale_read_pct<=0");
    List<String> few = new ArrayList<>(asked);
    few.add("--json");
    Ran ran = lab(few.toArray(String[]::new));
    assertThat(ran.exit()).as(ran.err()).isZero();
    Object plan = Json.read(ran.out());
    assertThat(Json.list(plan, "rows")).hasSize(9);
    assertThat(Json.truth(Json.list(plan, "rows").getFirst(), "meets")).isTrue();
    List<String> lines = new ArrayList<>(asked);
    lines.addAll(List.of("--format", "csv"));
    assertThat(lab(lines.toArray(String[]::new)).out().lines())
        .hasSize(10)
        .first()
        .asString()
        .startsWith("n,r,w,hedge,repair,basis,meets");
    List<String> never = new ArrayList<>(asked);
    never.addAll(List.of("--target", "read_p50<0.001"));
    Ran none = lab(never.toArray(String[]::new));
    assertThat(none.exit()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(none.out()).contains("Ruled out by the model");
    List<String> some = new ArrayList<>(few);
    some.addAll(List.of("--r", "2..3", "--w", "2"));
    assertThat(Json.list(Json.read(lab(some.toArray(String[]::new)).out()), "rows")).hasSize(2);
    assertThat(lab("sweep", SCENARIO, "--r", "4").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("sweep", SCENARIO, "--n", "9").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("sweep", SCENARIO, "--target", "speed<1").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void staleReadsAreExplained() throws Json.Malformed {
    String stale = "v1.pbs.rate=200.time=2s";
    Ran all = lab("explain", stale, "--all", "--json");
    assertThat(all.exit()).as(all.err()).isZero();
    Object card = Json.list(Json.read(all.out()), "cards").getFirst();
    String read = Long.toString(Json.whole(card, "op"));
    assertThat(lab("explain", stale, "--read", read).out())
        .contains(Json.text(card, "sentence"), "would have been");
    assertThat(lab("explain", SCENARIO, "--all").out()).isEqualTo("No read was stale.\n");
    assertThat(lab("explain", SCENARIO, "--read", "1").exit()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(lab("explain", SCENARIO, "--read", "999999").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("explain", SCENARIO).exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aMessageIsLookedInto() throws Json.Malformed {
    String stale = "v1.pbs.rate=200.time=2s";
    Object card =
        Json.list(Json.read(lab("explain", stale, "--all", "--json").out()), "cards").getFirst();
    List<?> row = (List<?>) Json.list(card, "messages").getFirst();
    Ran ran = lab("replay", stale, "--message", String.valueOf(row.getFirst()));
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains(String.valueOf(row.get(1)), "key ", "quorum ", "sender's clock ");
    assertThat(lab("replay", stale, "--message", "99999999").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aLinkIsPlayedOnceMore() throws Json.Malformed {
    Ran state = lab("replay", "http://127.0.0.1/lab#" + SCENARIO, "--until", "1.5s", "--state");
    assertThat(state.out()).contains("at 1500.000 ms", "A   up", "k1 ");
    String hash =
        state.out().lines().filter(each -> each.startsWith("result")).findFirst().orElse("");
    assertThat(lab("run", SCENARIO).out()).contains(hash.substring("result ".length()));
    Object json =
        Json.read(lab("replay", SCENARIO, "--until", "1500ms", "--state", "--json").out());
    assertThat(Json.list(json, "nodes")).hasSize(5);
    String transcript =
        lab("replay", SCENARIO, "--from", "1s", "--until", "1.2s", "--transcript").out();
    assertThat(transcript).contains("READ_REPLICA").doesNotContain(" 1300.");
    assertThat(lab("replay", SCENARIO, "--until", "soon", "--state").exit())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void delaysComeFromAFile() throws IOException {
    Path file = folder.resolve("delays.csv");
    Files.writeString(file, "ms,other\n2.5,1\n2.5,9\n2.5,4\n");
    assertThat(lab("run", "v1.catalogue.fail=none.time=1s", "--latency", "csv(" + file + ")").out())
        .contains(".latency=quantiles(2_5,2_5,2_5)");
    assertThat(
            lab("wars", "--latency", "csv(" + file + ",2)", "--trials", "100", "--r", "1").exit())
        .isZero();
    Files.writeString(file, "1\nfog\n");
    assertThat(lab("run", "--latency", "csv(" + file + ")").err()).contains("line 2");
    assertThat(lab("run", "--latency", "csv(nowhere.csv)").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void templatesAreListed() throws Json.Malformed {
    assertThat(lab("templates").out()).contains("cart: Shopping cart", "./coterie lab run v1.pbs");
    assertThat(Json.list(Json.read(lab("templates", "--json").out()), "templates")).isNotEmpty();
  }
}
