// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.host.service.NodeService;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/placement?n=3` of the admin listener: who owns which partition.
final class PlacementJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int N_USUAL = 3;

  private PlacementJson() {}

  static Reply reply(String uri, NodeService node) {
    int at = uri.indexOf('?');
    int n = at < 0 ? N_USUAL : copies(uri.substring(at + 1));
    if (n < 1 || n > BucketProperties.N_MAX) {
      return Reply.text(
          Status.BAD_REQUEST, "n must be a number from 1 to " + BucketProperties.N_MAX);
    }
    return Reply.json(write(n, node).toString());
  }

  private static int copies(String query) {
    return query.matches("n=[0-9]") ? query.charAt(2) - '0' : 0;
  }

  /// Owners are places in the list of members, so that many partitions stay short.
  private static ObjectNode write(int n, NodeService node) {
    ObjectNode root = JSON.createObjectNode();
    root.put("n", n);
    ArrayNode members = root.putArray("members");
    TreeMap<NodeId, Integer> places = new TreeMap<>();
    node.status()
        .members()
        .forEach(
            member -> {
              places.put(member.node(), places.size());
              members.add(member.node().name());
            });
    ArrayNode partitions = root.putArray("owners");
    for (List<NodeId> owners : node.owners(n)) {
      ArrayNode each = partitions.addArray();
      for (NodeId owner : owners) {
        each.add(places.getOrDefault(owner, -1));
      }
    }
    return root;
  }
}
