// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import dev.coterie.server.config.Config;
import dev.coterie.server.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A local cluster as its nodes' configurations have it: each names the cluster and all members, so
/// one of them is enough where `cluster.json` is lost or damaged. Only configurations that
/// `./coterie up` has written count; those of people are not its to take up.
///
/// @param cluster the cluster's id
/// @param ids of all members, in their order
record Configured(String cluster, List<String> ids) {
  Configured {
    ids = List.copyOf(ids);
  }

  /// What the configurations in `folder` say; null where no node has run there, none can be read,
  /// one is not of `./coterie up`, or two contradict each other.
  static @Nullable Configured of(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return null;
    }
    Configured found = null;
    boolean hasRun = false;
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path node : entries.sorted().toList()) {
        hasRun |= Files.exists(node.resolve("data"));
        if (ConfigFile.load(node.resolve("config.toml")) instanceof ConfigFile.Loaded loaded) {
          Configured one = of(loaded.config().cluster());
          if (!one.isLocal() || (found != null && !found.equals(one))) {
            return null;
          }
          found = one;
        }
      }
    }
    return hasRun ? found : null;
  }

  private static Configured of(Config.Cluster cluster) {
    List<String> ids = new ArrayList<>();
    cluster.members().forEach(member -> ids.add(member.id().name()));
    return new Configured(cluster.id(), ids);
  }

  private boolean isLocal() {
    for (int i = 0; i < ids.size(); i++) {
      if (!ids.get(i).equals("n" + (i + 1))) {
        return false;
      }
    }
    return cluster.startsWith(ClusterFolder.ID_PREFIX);
  }
}
