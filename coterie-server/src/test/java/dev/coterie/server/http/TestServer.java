// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.codec.token.ContextToken;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.SipHash;
import dev.coterie.server.dashboard.Dashboard;
import dev.coterie.server.dashboard.EventLog;
import dev.coterie.server.dashboard.Peers;
import dev.coterie.server.dashboard.Targets;
import dev.coterie.server.lab.Lab;
import dev.coterie.server.metrics.MetricsText;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A client listener on a free loopback port over a [MemoryNode], with one event loop.
final class TestServer implements AutoCloseable {
  /// Tue, 14 Nov 2023 22:13:20 GMT.
  static final long NOW_MILLIS = 1_700_000_000_000L;

  static final ContextToken TOKENS = new ContextToken(new SipHash(3, 4), 0, "test");

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final MemoryNode node = new MemoryNode();
  private final Lab lab = new Lab();
  private final Dashboard dashboard =
      new Dashboard(
          node,
          node::metrics,
          new Peers() {
            @Override
            public List<NodeId> connected() {
              return List.of();
            }

            @Override
            public boolean report(NodeId to, Bytes report) {
              return false;
            }
          },
          new EventLog(() -> NOW_MILLIS),
          Targets.USUAL,
          "test",
          "127.0.0.1:8098",
          System::nanoTime,
          () -> NOW_MILLIS);
  private final HttpListener listener;
  private final HttpListener admin;

  TestServer() throws IOException {
    this(true);
  }

  TestServer(boolean lab) throws IOException {
    this(new HttpLimits(1 << 20, 64, 64, 256, 128, 32 << 20), HttpTimes.standard(), lab);
  }

  TestServer(HttpLimits limits, HttpTimes times) throws IOException {
    this(limits, times, true);
  }

  private TestServer(HttpLimits limits, HttpTimes times, boolean withLab) throws IOException {
    Listeners listeners =
        new Listeners(
            new HttpListener.Runtime(
                loops,
                NioServerSocketChannel.class,
                InstantSource.fixed(Instant.ofEpochMilli(NOW_MILLIS))),
            node);
    listener =
        listeners.client(anyPort(), TOKENS, limits, times, node::metrics, "http://127.0.0.1:9999/");
    admin =
        listeners.admin(
            anyPort(),
            times,
            new MetricsText(
                node::status, node::metrics, listener, dashboard::watchers, dashboard::forecast),
            dashboard,
            withLab ? lab : null);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  MemoryNode node() {
    return node;
  }

  Dashboard dashboard() {
    return dashboard;
  }

  HttpListener listener() {
    return listener;
  }

  EventLoopGroup loops() {
    return loops;
  }

  int port() {
    return listener.address().getPort();
  }

  int adminPort() {
    return admin.address().getPort();
  }

  RawClient connectAdmin() throws IOException {
    return new RawClient(adminPort());
  }

  RawClient connectAdminFrom(String address) throws IOException {
    return new RawClient(adminPort(), InetAddress.getByName(address));
  }

  RawClient connect() throws IOException {
    return new RawClient(port());
  }

  @Override
  public void close() {
    listener.close();
    admin.close();
    lab.close();
    dashboard.close();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
