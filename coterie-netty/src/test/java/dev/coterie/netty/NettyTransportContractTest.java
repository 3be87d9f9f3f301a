// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerMemory;
import dev.coterie.host.transport.Transport;
import dev.coterie.host.transport.TransportContract;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// The contract over real sockets, with both nodes on one group of two loops.
class NettyTransportContractTest extends TransportContract {
  private EventLoopGroup loops;
  private final TreeMap<NodeId, InetSocketAddress> addresses = new TreeMap<>();

  @BeforeEach
  void begin() throws IOException {
    loops = NettyLoops.open("test", 2);
    for (NodeId node : new NodeId[] {N1, N2}) {
      addresses.put(node, freeAddress());
    }
  }

  @AfterEach
  void end() {
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  static InetSocketAddress freeAddress() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
    }
  }

  @Override
  protected Transport open(PeerHello hello, PeerMemory memory, Transport.Receiver receiver)
      throws IOException {
    TreeMap<NodeId, InetSocketAddress> peers = new TreeMap<>(addresses);
    InetSocketAddress own = peers.remove(hello.node());
    return NettyTransport.open(
        new NettyOptions(
            () -> hello,
            own,
            peers,
            memory,
            NettyLimits.standard(),
            new NettyTiming(1_000, 1_000, 200, 1_000, 10, 50)),
        loops,
        receiver);
  }

  @Override
  protected void await(String what, BooleanSupplier holds) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!holds.getAsBoolean() && System.nanoTime() < until) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(holds.getAsBoolean()).as(what).isTrue();
  }

  @Override
  protected void pass() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150));
  }

  @Override
  protected int messageBytesMax() {
    return 1 << 20;
  }
}
