// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `./coterie key`: one key, looked into. Its verbs are added in [Main].
@Command(
    name = "key",
    description = "One key, looked into: why it is as it is.",
    synopsisSubcommandLabel = "explain")
final class KeyCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return ExitCode.USAGE;
  }
}
