// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.NodeHttp;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./coterie key explain`.
@Command(
    name = "explain",
    description = {
      "Say what each owner of a key holds, by which path each value came there, what a read returns,"
          + " and why.",
      "",
      "One node's admin listener is asked, and it asks the owners; nothing is changed. With"
          + " --cluster HOST:PORT that is the node's admin address. Values are shown with --values"
          + " only."
    })
final class KeyExplainCommand implements Callable<Integer> {
  private static final int CONNECT_MILLIS = 2_000;

  /// The node waits a second for the owners.
  private static final int REPLY_MILLIS = 10_000;

  private final Terminal terminal;

  @Mixin private KeyArguments key = new KeyArguments();

  @Option(names = "--values", description = "Show the values too")
  private boolean values;

  @Mixin private ClusterOption cluster = new ClusterOption();

  KeyExplainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String path = "/explain" + key.path() + (values ? "?values=true" : "");
    NodeHttp http = new NodeHttp(CONNECT_MILLIS, REPLY_MILLIS);
    String last = "";
    boolean refused = false;
    for (ClusterFile.Entry node : cluster.adminFile().nodes()) {
      switch (http.send(node.admin(), "GET", path, Map.of())) {
        case NodeHttp.NotConnected(String sentence) -> last = sentence;
        case NodeHttp.Lost(String sentence) -> last = sentence;
        case NodeHttp.Reply reply when reply.status() == 200 -> {
          return print(node, reply);
        }
        case NodeHttp.Reply reply -> {
          refused = true;
          last =
              node.admin()
                  + " answers with HTTP status "
                  + reply.status()
                  + (reply.status() == 404
                      ? ": is that a node's admin address, and is there such a bucket type?"
                      : ": " + reply.text().strip());
        }
      }
    }
    throw new CliFailure(refused ? ExitCode.REJECTED : ExitCode.UNREACHABLE, last);
  }

  private int print(ClusterFile.Entry node, NodeHttp.Reply reply) {
    Object report;
    try {
      report = Json.read(reply.text());
    } catch (Json.Malformed e) {
      throw new CliFailure(
          ExitCode.REJECTED, node.admin() + " does not answer with JSON: " + e.getMessage());
    }
    if (cluster.json()) {
      terminal.out().print(Json.write(report));
    } else {
      List<@Nullable Object> lines = Json.list(report, "lines");
      lines.forEach(terminal.out()::println);
    }
    return ExitCode.OK;
  }
}
