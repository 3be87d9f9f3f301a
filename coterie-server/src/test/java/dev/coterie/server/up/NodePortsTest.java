// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodePortsTest {
  private static List<Integer> of(List<NodePorts> nodes) {
    List<Integer> all = new ArrayList<>();
    for (NodePorts node : nodes) {
      all.add(node.http().port());
      all.add(node.peer().port());
      all.add(node.admin().port());
    }
    return all;
  }

  @Test
  void fixedPortsAreThoseOfTheManual() {
    assertThat(of(NodePorts.fixed(3)))
        .containsExactly(8098, 8099, 8097, 8108, 8109, 8107, 8118, 8119, 8117);
  }

  /// Another program's outgoing connection could take a port of the range that is lent for those,
  /// between the choice and the node's start or at any later start.
  @Test
  void freePortsAreNoneThatAreLentToConnections() throws IOException {
    List<Integer> ports = of(NodePorts.free(5));
    assertThat(ports).hasSize(15).doesNotHaveDuplicates().allMatch(port -> port < 32_768);
    for (int port : ports) {
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
        assertThat(socket.isBound()).isTrue();
      }
    }
  }
}
