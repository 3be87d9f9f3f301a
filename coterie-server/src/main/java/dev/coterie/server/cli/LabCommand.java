// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `./coterie lab`: what a quorum setting gives, on a simulated cluster. Its verbs are added in
/// [Main].
@Command(
    name = "lab",
    description = {
      "See what a quorum setting really gives: latency, availability and staleness.",
      "",
      "The Lab runs the product's own code on a simulated network, disk and clock. A scenario says"
          + " how many nodes, which quorums, what load, which failures; everything follows from it,"
          + " and the same scenario gives the same result anywhere. docs/lab.md has the fields and"
          + " the metrics."
    },
    synopsisSubcommandLabel =
        "run|templates|compare|sweep|from-cluster|live|explain|replay|wars|pbs|serve")
final class LabCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return ExitCode.USAGE;
  }
}
