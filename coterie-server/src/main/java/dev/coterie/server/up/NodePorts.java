// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import dev.coterie.server.config.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// The addresses of one node of a local cluster.
public record NodePorts(HostPort http, HostPort peer, HostPort admin) {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int FIRST_HTTP = 8098;
  private static final int STEP = 10;

  /// The fixed ones: HTTP 8098, 8108, 8118, … with admin one below and peer one above.
  public static List<NodePorts> fixed(int nodes) {
    List<NodePorts> all = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      int http = FIRST_HTTP + i * STEP;
      all.add(new NodePorts(at(http), at(http + 1), at(http - 1)));
    }
    return all;
  }

  /// Ports that are free now, as the operating system gives them.
  public static List<NodePorts> free(int nodes) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      List<NodePorts> all = new ArrayList<>();
      for (int i = 0; i < nodes; i++) {
        all.add(new NodePorts(at(hold(held)), at(hold(held)), at(hold(held))));
      }
      return all;
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  private static int hold(List<ServerSocket> held) throws IOException {
    ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK));
    held.add(socket);
    return socket.getLocalPort();
  }

  private static HostPort at(int port) {
    return new HostPort(LOOPBACK, port);
  }

  /// An address that cannot be listened on.
  ///
  /// @param sentence says whose it is and who holds it
  record Taken(String sentence, PortHolder holder) {}

  /// Those of this node's addresses that are taken.
  List<Taken> taken(String node) {
    List<Taken> taken = new ArrayList<>();
    HostPort[] addresses = {http, peer, admin};
    String[] names = {"HTTP", "peer", "admin"};
    for (int i = 0; i < addresses.length; i++) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(LOOPBACK, addresses[i].port()));
      } catch (IOException _) {
        PortHolder holder = PortHolder.of(addresses[i].port());
        String whose = "port " + addresses[i].port() + " (" + names[i] + " of " + node + ")";
        taken.add(new Taken(whose + " is held by " + holder.describe(), holder));
      }
    }
    return taken;
  }
}
