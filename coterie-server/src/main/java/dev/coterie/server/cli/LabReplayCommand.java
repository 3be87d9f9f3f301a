// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.Cards;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Chronicle;
import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Played;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./coterie lab replay`: a scenario or link once more, to a moment.
@Command(
    name = "replay",
    description = {
      "Play a scenario or link once more and print how things stood at a moment, or all that happened"
          + " until then.",
      "",
      "It is the same run, bit for bit, as wherever else it was played; the result hash says so."
    })
final class LabReplayCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "LINK", description = "A scenario, a link to one, or a file")
  private String scenario = "";

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Up to this moment, such as 12.5s or 1500ms (default: the end)")
  private String until = "";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "The transcript from this moment on (default: the beginning)")
  private String from = "0s";

  /// One of both.
  static final class What {
    @Option(names = "--state", description = "How things stood then: nodes, copies, messages")
    private boolean state;

    @Option(names = "--transcript", description = "What happened until then, a line each")
    private boolean transcript;

    @Option(
        names = "--message",
        paramLabel = "ID",
        description =
            "What one message carried, and the clocks of both ends; --state --json has ids")
    private @Nullable Integer message;
  }

  @ArgGroup(multiplicity = "1")
  private What what = new What();

  @Option(names = "--json", description = "The state as JSON")
  private boolean json;

  LabReplayCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (json && !what.state) {
      throw CliFailure.usage("--json goes with --state; lab run --json has the whole run");
    }
    long first = micros("--from", from);
    long last = until.isEmpty() ? Long.MAX_VALUE / 2 : micros("--until", until);
    Played played = new LabRun(ScenarioText.parse(scenario)).play(_ -> true);
    ScenarioText.tellOrigin(terminal, scenario, played);
    long end = Math.min(last, played.recording().end());
    Integer message = what.message;
    if (message != null) {
      String body = Cards.message(played, message);
      if (body.isEmpty()) {
        throw CliFailure.usage("--message " + message + ": the run has no such message");
      }
      terminal.out().print(body);
    } else if (what.transcript) {
      terminal.out().print(Chronicle.of(played, first, last));
    } else if (json) {
      terminal.out().print(Json.write(Cards.stateJson(played, end)));
    } else {
      terminal.out().println(played.scenario().text());
      terminal.out().println("result " + played.summary().hash());
      terminal.out().print(Cards.state(played, end));
    }
    return ExitCode.OK;
  }

  private static long micros(String option, String text) {
    boolean millis = text.endsWith("ms");
    String number = text.substring(0, Math.max(0, text.length() - (millis ? 2 : 1)));
    try {
      double value = Double.parseDouble(number);
      if (text.endsWith("s") && value >= 0 && value <= 3_600_000) {
        return Math.round(value * (millis ? 1000 : 1_000_000));
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw CliFailure.usage(option + " " + text + ": a time such as 12.5s or 1500ms");
  }
}
