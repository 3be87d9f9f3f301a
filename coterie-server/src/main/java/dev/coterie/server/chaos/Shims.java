// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// The libraries that nodes preload: what a fault of a running process is made with.
record Shims(WallClocks clocks, DiskFaults disks) {
  static Shims build(Path folder, Means means) throws IOException {
    return new Shims(WallClocks.build(folder, means), DiskFaults.build(folder, means));
  }

  Map<String, String> environment(String node) {
    return disks.environment(node, clocks.environment(node));
  }

  /// Everything of `node` works as it should.
  void heal(String node) throws IOException {
    clocks.set(node, 0);
    disks.heal(node);
  }
}
