// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.metric.NodeMetrics;
import dev.coterie.host.metric.QuorumSnapshot;
import dev.coterie.host.service.NodeStatus;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Counts under the names that Riak's `/stats` has for them, so that what watches a Riak node finds
/// the same things here. Times are in microseconds, of the last minute; 0 where there was nothing.
final class RiakStats {
  private RiakStats() {}

  static void put(ObjectNode root, NodeId self, NodeStatus status, NodeMetrics figures) {
    QuorumSnapshot quorum = figures.quorum();
    root.put("nodename", self.name());
    root.put("ring_num_partitions", status.partitions());
    ArrayNode connected = root.putArray("connected_nodes");
    for (NodeStatus.MemberStatus member : status.members()) {
      if (member.connected() && !member.node().equals(self)) {
        connected.add(member.node().name());
      }
    }
    root.put("node_gets_total", quorum.reads().count() + quorum.readsFailed());
    root.put("node_puts_total", quorum.writes().ended());
    root.put("read_repairs_total", figures.repairs());
    root.put("node_get_fsm_time_median", micros(quorum, 0.5));
    root.put("node_get_fsm_time_95", micros(quorum, 0.95));
    root.put("node_get_fsm_time_99", micros(quorum, 0.99));
    root.put("node_get_fsm_time_100", micros(quorum, 1));
  }

  private static long micros(QuorumSnapshot quorum, double quantile) {
    return quorum.recentReads().count() == 0
        ? 0
        : Math.round(quorum.recentReads().quantileMillis(quantile) * 1000);
  }
}
