// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.Await;
import dev.coterie.server.lab.Lab;
import dev.coterie.server.lab.LabAnswer;
import dev.coterie.server.lab.Visitor;
import dev.coterie.server.remote.Json;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// `./coterie lab wars` and `./coterie lab pbs`: what they print and how they end.
final class LabPbsCommandTest {
  private record Ran(int exit, String out, String err) {}

  private static Ran lab(String line) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            () -> false);
    int exit = Main.run(terminal, ("lab " + line).split(" "));
    return new Ran(exit, out.toString(UTF_8), err.toString(UTF_8));
  }

  @Test
  void theModelTellsOneLineForEachQuorum() throws Json.Malformed {
    Ran table = lab("wars --latency lnkd-ssd --n 2 --trials 1e4");
    assertThat(table.exit()).isZero();
    assertThat(table.out()).startsWith("lnkd-ssd, n=2, 10,000 trials\n");
    assertThat(table.out().lines().filter(line -> line.matches(" +[12] +[12] .*"))).hasSize(4);
    assertThat(table.err()).contains("n=2 r=1 w=1: 10,000 trials in");

    Ran one = lab("wars --latency lnkd-disk --n 3 --r 1 --w 2 --trials 2e4 --json");
    Object object = Json.read(one.out());
    assertThat(Json.list(object, "quorums")).hasSize(1);
    assertThat(lab("wars --latency flat --r 1 --w 1 --trials 10").out())
        .contains("none of the last 1: 66.667 %, 2: 44.444 %, 3: 29.630 %");
    Object line = Json.list(object, "quorums").getFirst();
    assertThat(Json.whole(line, "w")).isEqualTo(2);
    assertThat(Json.list(line, "t")).hasSameSizeAs(Json.list(line, "fresh")).startsWith(0.0);
    assertThat(lab("wars --latency lnkd-disk --n 3 --r 1 --w 2 --trials 2e4 --json").out())
        .isEqualTo(one.out());
  }

  @Test
  void theCodeIsShownBesideTheModel() throws Json.Malformed {
    String line = "pbs --latency exp(8)/exp(1) --r 1 --w 1 --trials 600 --model-trials 1e5 --json";
    Ran one = lab(line + " --threads 1");
    assertThat(one.exit()).isZero();
    Object setting = Json.list(Json.read(one.out()), "settings").getFirst();
    assertThat(Json.text(setting, "latency")).isEqualTo("exp(8)/exp(1)");
    assertThat(Json.whole(setting, "differing")).isZero();
    assertThat(Json.whole(setting, "reads")).isEqualTo(600 * 12);
    assertThat(Json.list(setting, "measured"))
        .hasSameSizeAs(Json.list(setting, "t"))
        .hasSameSizeAs(Json.list(setting, "wars"));
    assertThat(lab(line + " --threads 2").out()).isEqualTo(one.out());

    Ran table = lab("pbs --latency flat --latency lan --r 2 --w 2 --trials 100 --model-trials 1e4");
    assertThat(table.out().lines().filter(text -> text.matches("(flat|lan) .* 100\\.000 .*")))
        .hasSize(2);
    assertThat(table.err()).contains("lan n=3 r=2 w=2: 100 reads");
  }

  @Test
  void theLabsPageIsToldTheSame() throws Json.Malformed {
    Ran one =
        lab(
            "pbs --latency lnkd-disk --r 1 --w 1 --trials 600 --model-trials 2e5 --seed 7 --json"
                + " --threads 1");
    Object setting = Json.list(Json.read(one.out()), "settings").getFirst();
    try (Lab lab = new Lab()) {
      LabAnswer asked =
          lab.ask(Visitor.HERE, "{\"pbs\":\"v1.pbs.seed=7\",\"trials\":600}".getBytes(UTF_8));
      String path = "/lab/studies/" + Json.text(json(asked), "id");
      Await.until(
          "the study is over", 120, () -> Json.truth(json(lab.get(path, Map.of())), "over"));
      Object result = Json.member(json(lab.get(path, Map.of())), "result");
      for (String member : List.of("t", "measured", "wars", "rmse", "differing", "readMs")) {
        assertThat(Json.member(result, member))
            .as(member)
            .isNotNull()
            .isEqualTo(Json.member(setting, member));
      }
    }
  }

  private static @Nullable Object json(LabAnswer answer) {
    try {
      return Json.read(new String(answer.bytes(), UTF_8));
    } catch (Json.Malformed e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void curvesThatAreTooFarApartEndWithOne() {
    String line = "pbs --latency ymmr --r 1 --w 1 --trials 50 --model-trials 1e4 --rmse-max ";
    assertThat(lab(line + "0.0001").exit()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(lab(line + "100").exit()).isZero();
  }

  @Test
  void whatCannotBeIsABadUsage() {
    assertThat(lab("wars --latency fast").err()).contains("no latency model 'fast'", "lnkd-disk");
    assertThat(lab("wars --n 3 --r 4").err()).contains("r is 4 but must be from 1 to n = 3");
    assertThat(lab("wars --trials many").err()).contains("such as 50000 or 1e6");
    assertThat(lab("wars --trials 1e9").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("pbs --n 6").err()).contains("--n 6: from 1 to 5");
    assertThat(lab("pbs --places 1").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(lab("wars --latency fast --json").out()).contains("\"outcome\"");
  }
}
