// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `./coterie cluster`: the cluster as a whole. Its verbs are added in [Main].
@Command(
    name = "cluster",
    description = "The cluster as a whole: how it stands, its figures, and restarting it.",
    synopsisSubcommandLabel = "status|figures|restart")
final class ClusterCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return ExitCode.USAGE;
  }
}
