// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.server.metrics.HttpFigures;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// One open HTTP port. Its connections are spread over the event loops that it is given and does
/// not own.
public final class HttpListener implements HttpFigures, AutoCloseable {
  private static final long STOP_MILLIS = 5_000;

  /// Where a listener runs.
  ///
  /// @param loops the event loops of its connections
  /// @param channelType the server channel of the same kind, such as `NioServerSocketChannel`
  /// @param clock wall time, for dates only
  public record Runtime(
      EventLoopGroup loops, Class<? extends ServerChannel> channelType, InstantSource clock) {}

  private final Routes routes;
  private final HttpTimes times;
  private final HttpMeters meters;
  private final Admission admission;
  private final InstantSource clock;
  private final Map<EventLoop, LoopConnections> loops = new ConcurrentHashMap<>();
  private final Channel server;

  /// Opens the port; when this returns it takes connections.
  HttpListener(
      InetSocketAddress address,
      Runtime runtime,
      Routes routes,
      HttpLimits limits,
      HttpTimes times,
      HttpMeters meters)
      throws IOException {
    this.routes = routes;
    this.times = times;
    this.meters = meters;
    this.clock = runtime.clock();
    this.admission = new Admission(limits);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(runtime.loops())
            .channel(runtime.channelType())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            // Who sends no more still waits for what is owed.
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(256 * 1024, 1024 * 1024))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accepted(channel);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + " ("
              + bound.cause().getMessage()
              + ")",
          bound.cause());
    }
    server = bound.channel();
  }

  private void accepted(Channel channel) {
    InetAddress source =
        channel.remoteAddress() instanceof InetSocketAddress from
            ? from.getAddress()
            : InetAddress.getLoopbackAddress();
    if (!admission.connectionOpened(source)) {
      meters.connectionRefused();
      channel.close();
      return;
    }
    EventLoop eventLoop = channel.eventLoop();
    LoopConnections loop =
        loops.computeIfAbsent(eventLoop, each -> new LoopConnections(each, times, clock));
    HttpConnection connection = new HttpConnection(channel, routes, admission, times, meters, loop);
    loop.add(connection);
    channel
        .closeFuture()
        .addListener(
            _ -> {
              loop.remove(connection);
              admission.connectionClosed(source);
            });
    channel.pipeline().addLast(new RequestDecoder(connection), connection);
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  @Override
  public void responses(Responses reader) {
    meters.read(reader);
  }

  @Override
  public int connections() {
    return admission.connections();
  }

  @Override
  public long connectionsRefused() {
    return meters.connectionsRefused();
  }

  @Override
  public int inFlight() {
    return admission.inFlight();
  }

  @Override
  public long requestBytes() {
    return admission.requestBytes();
  }

  /// Takes no more connections and requests, waits a few seconds for those under way to be
  /// answered, and cuts the rest off. Not to be called on an event loop.
  @Override
  public void close() {
    server.close().awaitUninterruptibly();
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
    loops.values().forEach(LoopConnections::stop);
    for (LoopConnections connections : loops.values()) {
      long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()));
      if (!connections.emptied().awaitUninterruptibly(left)) {
        connections.closeAll();
      }
    }
  }
}
