// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import dev.coterie.server.config.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The addresses of one node of a local cluster.
public record NodePorts(HostPort http, HostPort peer, HostPort admin) {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int FIRST_HTTP = 8098;
  private static final int STEP = 10;
  private static final int FREE_FROM = 12_000;
  private static final int FREE_TO = 32_000;
  private static final int TRIES = 100;

  /// The address by which the node with this number is known among its peers: 127.0.0.1, 127.0.0.2
  /// and so on, so that cuts between them are to be had ([LoopbackCuts]); 127.0.0.1 for all where
  /// the system has but that one.
  static String peerHost(int node) {
    String own = "127.0.0." + (node + 1);
    try (ServerSocket _ = new ServerSocket(0, 1, InetAddress.getByName(own))) {
      return own;
    } catch (IOException _) {
      return LOOPBACK;
    }
  }

  /// The fixed ones: HTTP 8098, 8108, 8118, … with admin one below and peer one above.
  public static List<NodePorts> fixed(int nodes) {
    List<NodePorts> all = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      int http = FIRST_HTTP + i * STEP;
      all.add(new NodePorts(at(http), new HostPort(peerHost(i), http + 1), at(http - 1)));
    }
    return all;
  }

  /// Ports that are free now and likely to stay so until the nodes listen there, and at every later
  /// start: below those that operating systems lend to outgoing connections.
  public static List<NodePorts> free(int nodes) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      List<NodePorts> all = new ArrayList<>();
      for (int i = 0; i < nodes; i++) {
        String host = peerHost(i);
        HostPort peer = new HostPort(host, hold(held, host));
        all.add(new NodePorts(at(hold(held, LOOPBACK)), peer, at(hold(held, LOOPBACK))));
      }
      return all;
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  private static int hold(List<ServerSocket> held, String host) throws IOException {
    InetAddress loopback = InetAddress.getByName(host);
    SplittableRandom random = new SplittableRandom();
    ServerSocket socket = null;
    for (int tries = 0; socket == null && tries < TRIES; tries++) {
      try {
        int port = random.nextInt(FREE_FROM, FREE_TO);
        if (held.stream().noneMatch(each -> each.getLocalPort() == port)) {
          socket = new ServerSocket(port, 1, loopback);
        }
      } catch (IOException _) {
        // Taken: the next one.
      }
    }
    if (socket == null) {
      socket = new ServerSocket(0, 1, loopback);
    }
    held.add(socket);
    return socket.getLocalPort();
  }

  private static HostPort at(int port) {
    return new HostPort(LOOPBACK, port);
  }

  /// Who holds the port of `at`, for people.
  public static String holder(HostPort at) {
    return "port " + at.port() + " is held by " + PortHolder.of(at.port()).describe();
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
        socket.bind(addresses[i].address());
      } catch (IOException _) {
        PortHolder holder = PortHolder.of(addresses[i].port());
        String whose = "port " + addresses[i].port() + " (" + names[i] + " of " + node + ")";
        taken.add(new Taken(whose + " is held by " + holder.describe(), holder));
      }
    }
    return taken;
  }
}
