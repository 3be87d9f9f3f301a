// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/// Event loops on the best mechanism of this machine (epoll on Linux, else NIO), and the kinds of
/// channel that run on a given group.
public final class NettyLoops {
  private NettyLoops() {}

  /// `count` loops, one thread each, called `name-1` and so on.
  public static EventLoopGroup open(String name, int count) {
    return open(name, count, Epoll.isAvailable());
  }

  /// The same on NIO, where epoll cannot be used or is not wanted.
  public static EventLoopGroup openNio(String name, int count) {
    return open(name, count, false);
  }

  private static EventLoopGroup open(String name, int count, boolean epoll) {
    return new MultiThreadIoEventLoopGroup(
        count,
        new DefaultThreadFactory(name),
        epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  public static boolean isEpoll(EventLoopGroup loops) {
    return loops instanceof IoEventLoopGroup group && group.isIoType(EpollIoHandler.class);
  }

  public static Class<? extends ServerChannel> serverChannel(EventLoopGroup loops) {
    return isEpoll(loops) ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  public static Class<? extends SocketChannel> channel(EventLoopGroup loops) {
    return isEpoll(loops) ? EpollSocketChannel.class : NioSocketChannel.class;
  }
}
