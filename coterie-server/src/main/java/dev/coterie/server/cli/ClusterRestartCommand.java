// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.Json;
import dev.coterie.server.up.RollingRestart;
import dev.coterie.server.up.UpFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./coterie cluster restart`.
@Command(
    name = "restart",
    description = {
      "Restart every node of a cluster that ./coterie up runs, one after the other.",
      "",
      "Each is stopped cleanly, and the next one only when all nodes serve, are connected and hold"
          + " everything that is theirs. A client that tries a second node notices nothing. Exit"
          + " code 1 where none is running or the cluster was not whole in time."
    })
final class ClusterRestartCommand implements Callable<Integer> {
  private static final int PATIENCE_SECONDS_MAX = 3_600;

  private final Terminal terminal;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The cluster's folder (default: ${DEFAULT-VALUE})")
  private Path dir = Path.of(ClusterOption.FOLDER);

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description = "How long each step of a node may take (default: ${DEFAULT-VALUE})")
  private int patience = 60;

  @Option(names = "--json", description = "Print one JSON object at the end, and nothing before")
  private boolean json;

  ClusterRestartCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (patience < 1 || patience > PATIENCE_SECONDS_MAX) {
      throw CliFailure.usage("--patience is " + patience + " but must be from 1 to 3600");
    }
    List<RollingRestart.Restarted> done;
    try {
      done =
          new RollingRestart(
                  dir,
                  patience * 1_000_000_000L,
                  line -> {
                    if (!json) {
                      terminal.out().println(line);
                    }
                  })
              .all();
    } catch (UpFailure e) {
      throw new CliFailure(ExitCode.NEGATIVE, e.sentence());
    }
    if (json) {
      List<@Nullable Object> nodes = new ArrayList<>();
      for (RollingRestart.Restarted node : done) {
        Map<String, @Nullable Object> each = new LinkedHashMap<>();
        each.put("id", node.node());
        each.put("stop_ms", node.stopMillis());
        each.put("whole_ms", node.wholeMillis());
        nodes.add(each);
      }
      terminal.out().print(Json.write(Map.of("restarted", nodes)));
    } else {
      terminal.out().println("all " + done.size() + " nodes were restarted");
    }
    return ExitCode.OK;
  }
}
