// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// What `--json` or `--json FILE` asks for. A scenario that follows the option is none of its
/// files.
final class JsonFile {
  private final @Nullable Path path;

  private JsonFile(@Nullable Path path) {
    this.path = path;
  }

  /// Where it goes; null for the standard output.
  @Nullable Path path() {
    return path;
  }

  void write(Terminal terminal, Map<String, @Nullable Object> json) throws IOException {
    String text = Json.write(json);
    if (path == null) {
      terminal.out().print(text);
    } else {
      Files.writeString(path, text);
    }
  }

  /// Where no scenario was named, the file that is there already may have been meant as one.
  void refuseToOverwrite() {
    if (path != null && Files.exists(path)) {
      throw CliFailure.usage(
          "--json "
              + path
              + ": the file is there already, and no scenario is named; name the scenario first to"
              + " write to the file, or the file first to play it");
    }
  }

  /// Takes what follows the option, unless that is an option or a scenario.
  static final class Consumer implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> rest, ArgSpec option, CommandSpec command) {
      boolean named = !rest.isEmpty() && !isOther(rest.peek());
      option.setValue(new JsonFile(named ? Path.of(rest.pop()) : null));
    }

    private static boolean isOther(String next) {
      return next.startsWith("-") || next.startsWith("v1.") || next.contains("#");
    }
  }
}
