// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.shell.Shell;
import dev.coterie.server.up.NodePorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way into an [Enclosure] for those who stand outside: a socket in the cluster's folder, since
/// files are seen from both sides. Whoever may write that file may come in. The first line says what
/// a connection is for:
///
///     http 0, admin 0   from here on it is one to that listener of the first node
///     cuts              it cuts links: each "cut 0,1 2" (from, to) and "restore 0,1 2" is answered
///                       with "ok" or a sentence
///
/// One connection at a time may cut. When its other end closes or dies, its cuts are taken back, and
/// then it is closed from here.
final class Gate implements AutoCloseable {
  static final String OK = "ok";

  /// All that a relay lets through, and some who cut.
  private static final int CALLERS_MAX = GateRelay.CONNECTIONS_MAX + 16;

  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  private final Path file;
  private final List<NodePorts> nodes;
  private final Network network;
  private final ServerSocketChannel socket;
  private final Semaphore cutting = new Semaphore(1);

  private Gate(Path file, List<NodePorts> nodes, Network network, ServerSocketChannel socket) {
    this.file = file;
    this.nodes = List.copyOf(nodes);
    this.network = network;
    this.socket = socket;
  }

  /// Opens it in a folder that this process holds; a socket that was left there goes.
  static Gate open(Path file, List<NodePorts> nodes, Network network) throws IOException {
    Files.deleteIfExists(file);
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    socket.bind(UnixDomainSocketAddress.of(file));
    Gate gate = new Gate(file, nodes, network, socket);
    new Acceptor(socket, new Semaphore(CALLERS_MAX), gate::serve).start("gate");
    return gate;
  }

  private void serve(SocketChannel caller) {
    try (caller) {
      String purpose = Splice.hear(caller);
      if (purpose.equals("cuts")) {
        cuts(caller);
      } else {
        HostPort listener = listener(purpose);
        if (listener != null) {
          relay(caller, listener);
        }
      }
    } catch (IOException _) {
      // The caller has gone, or the node is not there: the caller sees its end.
    }
  }

  private @Nullable HostPort listener(String purpose) {
    String[] words = purpose.split(" ", -1);
    List<Integer> node = words.length == 2 ? numbers(words[1]) : List.of();
    if (node.size() != 1) {
      return null;
    }
    NodePorts ports = nodes.get(node.getFirst());
    return switch (words[0]) {
      case "http" -> ports.http();
      case "admin" -> ports.admin();
      default -> null;
    };
  }

  private static void relay(SocketChannel caller, HostPort listener) throws IOException {
    InetSocketAddress address = new InetSocketAddress(listener.host(), listener.port());
    try (SocketChannel node = SocketChannel.open(address)) {
      node.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Splice.join(caller, node);
    }
  }

  private void cuts(SocketChannel caller) throws IOException {
    if (!cutting.tryAcquire()) {
      Splice.say(caller, "another run cuts this cluster's links: wait for its end");
      return;
    }
    try {
      Splice.say(caller, OK);
      for (String line = Splice.hear(caller); !line.isEmpty(); line = Splice.hear(caller)) {
        Splice.say(caller, carryOut(line));
      }
    } finally {
      heal();
      cutting.release();
    }
  }

  private String carryOut(String line) {
    String[] words = line.split(" ", -1);
    List<Integer> from = words.length == 3 ? numbers(words[1]) : List.of();
    List<Integer> to = words.length == 3 ? numbers(words[2]) : List.of();
    if (from.isEmpty() || to.isEmpty()) {
      return "'" + line + "' names no links of this cluster";
    }
    return switch (words[0]) {
      case "cut" -> change(true, from, to);
      case "restore" -> change(false, from, to);
      default -> "'" + line + "' is not known here";
    };
  }

  /// All of it or nothing.
  private String change(boolean cut, List<Integer> from, List<Integer> to) {
    List<int[]> done = new ArrayList<>();
    try {
      for (int sender : from) {
        for (int receiver : to) {
          set(cut, receiver, sender);
          done.add(new int[] {receiver, sender});
        }
      }
      return OK;
    } catch (Shell.Failed e) {
      for (int[] link : done) {
        try {
          set(!cut, link[0], link[1]);
        } catch (Shell.Failed _) {
          // The end of the run takes back what is left.
        }
      }
      return e.sentence().replaceAll("\\s+", " ");
    }
  }

  private void set(boolean cut, int deaf, int other) throws Shell.Failed {
    if (cut) {
      network.cut(deaf, other);
    } else {
      network.restore(deaf, other);
    }
  }

  private void heal() {
    try {
      network.heal();
    } catch (Shell.Failed e) {
      LOG.warn("cuts are not taken back: {}", e.sentence());
    }
  }

  /// Nodes of this cluster; none where one is not.
  private List<Integer> numbers(String text) {
    List<Integer> numbers = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      int number = each.matches("\\d{1,3}") ? Integer.parseInt(each) : nodes.size();
      if (number >= nodes.size()) {
        return List.of();
      }
      numbers.add(number);
    }
    return numbers;
  }

  @Override
  public void close() {
    Splice.close(socket);
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // The next one that holds the folder takes it away.
    }
  }
}
