// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.NodeReport;
import dev.coterie.server.up.ClusterFolder;
import dev.coterie.server.up.LoopbackCuts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./coterie down`: stops a cluster that `./coterie up` started.
@Command(
    name = "down",
    description = {
      "Stop the cluster that ./coterie up started in a folder.",
      "",
      "Its data stays. Exit code 1 where none is running, or a node still answers that it had not"
          + " started."
    })
final class DownCommand implements Callable<Integer> {
  private static final long WAIT_NANOS = 30_000_000_000L;
  private static final long POLL_NANOS = 50_000_000;

  private final Terminal terminal;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The cluster's folder (default: ${DEFAULT-VALUE})")
  private Path dir = Path.of(ClusterOption.FOLDER);

  @Option(names = "--json", description = "Print the result as JSON")
  private boolean json;

  DownCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    long pid = ClusterFolder.runningPid(dir);
    if (pid == 0) {
      removeCuts();
      return say(false, "no cluster is running in " + dir);
    }
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    long deadline = System.nanoTime() + WAIT_NANOS;
    while (ClusterFolder.runningPid(dir) != 0) {
      if (System.nanoTime() - deadline > 0) {
        throw new CliFailure(
            ExitCode.INDETERMINATE, "process " + pid + " has not stopped within 30 s: kill " + pid);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    removeCuts();
    List<String> answering = answering();
    if (answering.isEmpty()) {
      return say(true, "the cluster in " + dir + " is down; its data stays");
    }
    return say(
        true,
        answering,
        "what ./coterie up ran in "
            + dir
            + " is stopped, but "
            + String.join(" and ", answering)
            + (answering.size() == 1
                ? " still answers: it is not a process of that up; stop it"
                : " still answer: they are not processes of that up; stop them")
            + " where "
            + (answering.size() == 1 ? "it was started" : "they were started"));
  }

  /// The nodes that serve though all that `up` ran have ended: somebody started them in a terminal
  /// of their own.
  private List<String> answering() {
    List<String> answering = new ArrayList<>();
    try {
      for (ClusterFile.Entry node : ClusterFile.read(dir).nodes()) {
        // A network of its own has ended with its keeper.
        if (node.namespace().isEmpty() && answers(node)) {
          answering.add(node.id());
        }
      }
    } catch (ClusterFile.Unusable _) {
      // The next up says so.
    }
    return answering;
  }

  private static boolean answers(ClusterFile.Entry node) {
    NodeReport report = NodeReport.read(new NodeHttp(500, 1_000), node);
    return report.answers() && Json.text(report.figures(), "node").equals(node.id());
  }

  private void removeCuts() {
    try {
      String cuts = LoopbackCuts.removeLeftOver(dir, ClusterFile.read(dir).cluster());
      if (cuts != null) {
        terminal.err().println("coterie: " + cuts);
      }
    } catch (ClusterFile.Unusable _) {
      // The next up says so.
    }
  }

  private int say(boolean stopped, String sentence) {
    return say(stopped, List.of(), sentence);
  }

  private int say(boolean stopped, List<String> answering, String sentence) {
    if (json) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("stopped", stopped);
      object.put("still_answer", answering);
      object.put("sentence", sentence);
      terminal.out().print(Json.write(object));
    } else {
      terminal.out().println(sentence);
    }
    return stopped && answering.isEmpty() ? ExitCode.OK : ExitCode.NEGATIVE;
  }
}
