// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.server.config.Config;

/// One node, from its configuration to its end.
public final class NodeProcess {
  private NodeProcess() {}

  /// Runs the node until it is stopped and returns the exit code of the process.
  public static int run(Config config) {
    System.err.println(
        "node " + config.node().id() + " cannot run: the node process is being built");
    return 1;
  }
}
