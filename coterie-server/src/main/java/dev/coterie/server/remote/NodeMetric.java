// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import java.util.List;
import java.util.Map;

/// One metric of a cluster, from the nodes' admin listeners.
public final class NodeMetric {
  private NodeMetric() {}

  /// The sum of `name` over all nodes and labels; -1 where some node does not answer or does not
  /// offer it.
  public static long sum(NodeHttp http, List<ClusterFile.Entry> nodes, String name) {
    double sum = 0;
    for (ClusterFile.Entry node : nodes) {
      boolean offered = false;
      if (http.send(node.admin(), "GET", "/metrics", Map.of()) instanceof NodeHttp.Reply reply) {
        for (String line : reply.text().lines().toList()) {
          if (line.startsWith(name + " ") || line.startsWith(name + "{")) {
            offered = true;
            sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
          }
        }
      }
      if (!offered) {
        return -1;
      }
    }
    return Math.round(sum);
  }
}
