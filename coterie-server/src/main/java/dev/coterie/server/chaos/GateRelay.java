// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.up.NodePorts;
import dev.coterie.server.up.UpFailure;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/// Listeners on this computer's loopback for nodes that stand in an [Enclosure]: each connection
/// goes on through the [Gate] to the node's own listener. So they are reached without an interface,
/// an address or a rule of this computer's own network, and by nobody from outside of it.
public final class GateRelay implements AutoCloseable {
  /// Connections that may be open at once; those beyond are closed as they come.
  static final int CONNECTIONS_MAX = 2_048;

  private final UnixDomainSocketAddress gate;
  private final List<ServerSocketChannel> listeners = new ArrayList<>();
  private final Semaphore room = new Semaphore(CONNECTIONS_MAX);

  private GateRelay(Path gate) {
    this.gate = UnixDomainSocketAddress.of(gate);
  }

  /// Listens at the HTTP and admin addresses of `nodes`; whoever comes before the gate is open
  /// finds nobody.
  public static GateRelay open(Path gate, List<NodePorts> nodes) throws IOException, UpFailure {
    GateRelay relay = new GateRelay(gate);
    boolean whole = false;
    try {
      for (int node = 0; node < nodes.size(); node++) {
        relay.listen(nodes.get(node).http(), "http " + node);
        relay.listen(nodes.get(node).admin(), "admin " + node);
      }
      whole = true;
      return relay;
    } finally {
      if (!whole) {
        relay.close();
      }
    }
  }

  private void listen(HostPort at, String purpose) throws IOException, UpFailure {
    ServerSocketChannel listener = ServerSocketChannel.open();
    listeners.add(listener);
    listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    try {
      listener.bind(new InetSocketAddress(at.host(), at.port()));
    } catch (BindException _) {
      throw new UpFailure(
          NodePorts.holder(at) + ": stop what holds it, or take free ports with --ports auto");
    }
    new Acceptor(listener, room, caller -> pass(caller, purpose)).start(purpose);
  }

  private void pass(SocketChannel caller, String purpose) {
    try (caller;
        SocketChannel inward = SocketChannel.open(gate)) {
      caller.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Splice.say(inward, purpose);
      Splice.join(caller, inward);
    } catch (IOException _) {
      // The gate is not open: the caller sees its connection end.
    }
  }

  @Override
  public void close() {
    listeners.forEach(Splice::close);
  }
}
