// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.Cards;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Anomaly;
import dev.coterie.sim.lab.LabOperation;
import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Played;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./coterie lab explain`: why reads of a scenario were stale.
@Command(
    name = "explain",
    description = {
      "Say why a read was stale: its card, with the evidence and what would have been enough.",
      "",
      "Exit code 0 when there is a card, 1 when there is none: the read was fresh, or all were."
    })
final class LabExplainCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "SCENARIO", description = "A scenario, a link to one, or a file")
  private String scenario = "";

  /// One of both.
  static final class Which {
    @Option(
        names = "--read",
        paramLabel = "N",
        description = "The operation with this number, as transcripts and CSV name it")
    private @Nullable Integer read;

    @Option(names = "--all", description = "Every anomaly")
    private boolean all;
  }

  @ArgGroup(multiplicity = "1")
  private Which which = new Which();

  @Option(names = "--json", description = "Print the cards as JSON")
  private boolean json;

  LabExplainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Played played = new LabRun(ScenarioText.parse(scenario)).play(_ -> true);
    Integer read = which.all ? null : which.read;
    if (read != null && (read < 1 || read > played.operations().size())) {
      throw CliFailure.usage(
          "--read " + read + ": its operations are 1 to " + played.operations().size());
    }
    List<Anomaly> found = new ArrayList<>();
    for (Anomaly each : played.anomalies()) {
      if (read == null || each.operation() == read) {
        found.add(each);
      }
    }
    if (json) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("scenario", played.scenario().text());
      object.put("hash", played.summary().hash());
      object.put("cards", new ArrayList<@Nullable Object>(Cards.json(played, found)));
      terminal.out().print(Json.write(object));
    } else if (found.isEmpty()) {
      terminal.out().println(read == null ? "No read was stale." : fresh(played, read));
    } else {
      terminal.out().print(Cards.text(played, found));
    }
    return found.isEmpty() ? ExitCode.NEGATIVE : ExitCode.OK;
  }

  private static String fresh(Played played, int number) {
    LabOperation operation = played.operations().get(number - 1);
    String what =
        operation.write
            ? "is a write"
            : switch (operation.verdict) {
              case FRESH -> "was fresh";
              case UNKNOWN -> "is of a key without an acknowledged write before it";
              case STALE -> "was stale";
              case NONE -> "did not succeed: " + operation.reason;
            };
    return "Operation " + number + " on " + Played.key(operation.key) + " " + what + ".";
  }
}
