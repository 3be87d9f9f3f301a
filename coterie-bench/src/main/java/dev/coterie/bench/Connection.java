// SPDX-License-Identifier: Apache-2.0
package dev.coterie.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One HTTP connection with one request under way at a time. On one event loop. A connection that
/// broke is dialled again by the next request.
final class Connection {
  static final String CONTEXT = "X-Riak-Vclock";
  private static final int CONNECT_MILLIS = 2_000;

  /// Hears what became of a request, once.
  interface Answered {
    /// @param context the causal context in the answer, null where there was none
    void answered(int status, @Nullable String context);

    void failed(String kind);
  }

  private final InetSocketAddress node;
  private final EventLoop loop;
  private @Nullable Channel channel;
  private @Nullable Answered waiting;
  private int status;
  private @Nullable String context;

  Connection(InetSocketAddress node, EventLoop loop) {
    this.node = node;
    this.loop = loop;
  }

  /// @param body null for a GET
  void send(
      String path, @Nullable String causalContext, byte @Nullable [] body, Answered answered) {
    waiting = answered;
    Channel open = channel;
    if (open != null && open.isActive()) {
      write(open, path, causalContext, body);
      return;
    }
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel made) {
                made.pipeline().addLast(new HttpResponseDecoder(8192, 32_768, 65_536), new In());
              }
            })
        .connect(node)
        .addListener(
            (ChannelFuture done) -> {
              if (done.isSuccess()) {
                channel = done.channel();
                write(done.channel(), path, causalContext, body);
              } else {
                end("not connected");
              }
            });
  }

  private void write(
      Channel open, String path, @Nullable String causalContext, byte @Nullable [] body) {
    ByteBuf out = open.alloc().directBuffer(512 + (body == null ? 0 : body.length));
    text(out, body == null ? "GET " : "PUT ");
    text(out, path);
    text(out, " HTTP/1.1\r\nHost: ");
    text(out, node.getHostString());
    if (body != null) {
      text(out, "\r\nContent-Type: application/octet-stream\r\nContent-Length: ");
      text(out, Integer.toString(body.length));
      if (causalContext != null) {
        text(out, "\r\n" + CONTEXT + ": ");
        text(out, causalContext);
      }
    }
    text(out, "\r\n\r\n");
    if (body != null) {
      out.writeBytes(body);
    }
    open.writeAndFlush(out);
  }

  private static void text(ByteBuf out, String text) {
    out.writeCharSequence(text, StandardCharsets.US_ASCII);
  }

  private void end(String failure) {
    Answered owed = waiting;
    waiting = null;
    if (owed != null) {
      owed.failed(failure);
    }
  }

  void close() {
    waiting = null;
    Channel open = channel;
    if (open != null) {
      open.close();
    }
  }

  private final class In extends SimpleChannelInboundHandler<HttpObject> {
    @Override
    protected void channelRead0(ChannelHandlerContext unused, HttpObject message) {
      if (message instanceof HttpResponse head) {
        status = head.status().code();
        context = head.headers().get(CONTEXT);
      }
      if (message instanceof LastHttpContent) {
        Answered owed = waiting;
        waiting = null;
        if (owed != null) {
          owed.answered(status, context);
        }
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext unused) {
      end("connection lost");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
      handler.close();
    }
  }
}
