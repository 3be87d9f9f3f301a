// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.config.ConfigFile;
import dev.coterie.server.config.ConfigText;
import dev.coterie.server.process.NodeProcess;
import dev.coterie.server.remote.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./coterie node`: runs one node in the foreground until SIGTERM or Ctrl-C.
@Command(
    name = "node",
    description = {
      "Run one node of a cluster in the foreground.",
      "",
      "Its configuration is a TOML file; --print-config writes one with every key and its meaning."
          + " SIGTERM and Ctrl-C stop the node cleanly."
    })
final class NodeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(names = "--config", paramLabel = "FILE", description = "The node's configuration")
  private @Nullable Path config;

  @Option(names = "--print-config", description = "Print a commented configuration and end")
  private boolean printConfig;

  @Option(names = "--check", description = "Read and check the configuration and end")
  private boolean check;

  @Option(
      names = "--until-stdin-closes",
      hidden = true,
      description = "Stop when standard input ends: whoever started this node is gone")
  private boolean untilStdinCloses;

  @Option(names = "--json", description = "With --check: print what is wrong as JSON")
  private boolean json;

  NodeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (printConfig) {
      if (json) {
        throw CliFailure.usage("--print-config writes TOML: --json goes with --check");
      }
      terminal.out().print(ConfigText.commentedFile());
      return ExitCode.OK;
    }
    if (config == null) {
      throw CliFailure.usage("--config FILE is missing; ./coterie node --print-config writes one");
    }
    return switch (ConfigFile.load(config)) {
      case ConfigFile.Refused(List<String> sentences) -> refused(config, sentences);
      case ConfigFile.Loaded loaded when check -> {
        if (json) {
          terminal.out().print(Json.write(Map.of("valid", true)));
        } else {
          terminal.out().println(config + " is fine");
        }
        yield ExitCode.OK;
      }
      case ConfigFile.Loaded loaded -> {
        if (untilStdinCloses) {
          stopWhenStdinCloses();
        }
        yield NodeProcess.run(loaded.config());
      }
    };
  }

  private int refused(Path file, List<String> sentences) {
    if (json) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("valid", false);
      object.put("sentences", sentences);
      terminal.out().print(Json.write(object));
    } else {
      terminal.err().println("coterie: " + file + " is refused, the node does not start:");
      sentences.forEach(sentence -> terminal.err().println("  - " + sentence));
    }
    return ExitCode.USAGE;
  }

  /// The pipe to standard input is closed by the operating system when its other end dies, however
  /// it dies, so no node outlives the `./coterie up` that started it.
  private void stopWhenStdinCloses() {
    InputStream in = terminal.in();
    Thread.ofPlatform()
        .daemon()
        .name("stdin-watch")
        .start(
            () -> {
              try {
                while (in.read() >= 0) {
                  // Nothing is ever said on this pipe.
                }
              } catch (IOException e) {
                terminal.err().println("standard input broke (" + e.getMessage() + "): stopping");
              }
              System.exit(0);
            });
  }
}
