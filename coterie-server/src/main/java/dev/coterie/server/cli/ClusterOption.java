// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.config.NearestName;
import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which cluster a verb talks to.
final class ClusterOption {
  static final String FOLDER = "coterie-data";
  private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
  private static final int REPLY_TIMEOUT_MILLIS = 60_000;

  @Option(
      names = "--cluster",
      paramLabel = "DIR|HOST:PORT",
      description =
          "A folder of ./coterie up or chaos --hold, or one node's HTTP address (default: ${DEFAULT-VALUE})")
  private String cluster = FOLDER;

  @Option(
      names = {"--via", "--node"},
      paramLabel = "NODE",
      description = "Ask this node of the folder's cluster alone")
  private String via = "";

  @Option(names = "--json", description = "Print the result as JSON")
  private boolean json;

  boolean json() {
    return json;
  }

  /// The HTTP addresses to try, in this order.
  List<HostPort> http() {
    HostPort address = address();
    if (address != null) {
      if (!via.isEmpty()) {
        throw CliFailure.usage("--via goes with a folder: " + cluster + " is one node already");
      }
      return List.of(address);
    }
    List<HostPort> addresses = new ArrayList<>();
    for (ClusterFile.Entry node : file().nodes()) {
      addresses.add(node.http());
    }
    return addresses;
  }

  private @Nullable HostPort address() {
    return Files.isDirectory(Path.of(cluster)) ? null : HostPort.parse(cluster);
  }

  /// The folder; null where one node's address was given.
  @Nullable Path folder() {
    return isAddress() ? null : Path.of(cluster);
  }

  boolean isAddress() {
    return address() != null;
  }

  /// The folder's cluster, cut down to the node of `--via` where that is given.
  ClusterFile file() {
    try {
      ClusterFile file = ClusterFile.read(Path.of(cluster));
      if (via.isEmpty()) {
        return file;
      }
      List<String> ids = new ArrayList<>();
      for (ClusterFile.Entry node : file.nodes()) {
        if (node.id().equals(via)) {
          return new ClusterFile(file.cluster(), List.of(node));
        }
        ids.add(node.id());
      }
      throw CliFailure.usage(
          "no node '"
              + via
              + "' in "
              + cluster
              + "; did you mean '"
              + NearestName.of(via, ids)
              + "'?");
    } catch (ClusterFile.Unusable e) {
      if (cluster.matches(".*:\\d+/?")) {
        throw CliFailure.usage(
            "'"
                + cluster
                + "' is no folder with a cluster and no address: write HOST:PORT, such as"
                + " 127.0.0.1:8098, without http:// and with a port from 1 to 65535");
      }
      throw CliFailure.usage(e.sentence());
    }
  }

  /// The nodes whose admin listeners are to be asked; an address is one node's admin address.
  ClusterFile adminFile() {
    HostPort admin = address();
    return admin == null
        ? file()
        : new ClusterFile("", List.of(new ClusterFile.Entry("", 0, admin, admin, admin, "")));
  }

  static NodeHttp exchange() {
    return new NodeHttp(CONNECT_TIMEOUT_MILLIS, REPLY_TIMEOUT_MILLIS);
  }

  /// @param replyMillis how long to wait for a node's answer
  KeyClient keys(int replyMillis) {
    return new KeyClient(new NodeHttp(CONNECT_TIMEOUT_MILLIS, replyMillis), http());
  }
}
