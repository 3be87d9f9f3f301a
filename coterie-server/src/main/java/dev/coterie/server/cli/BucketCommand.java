// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `./coterie bucket`: a bucket's properties, and what they mean. Its verbs are added in [Main].
@Command(
    name = "bucket",
    description = "Show, set or explain a bucket's properties.",
    synopsisSubcommandLabel = "show|set|explain")
final class BucketCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return ExitCode.USAGE;
  }
}
