// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.HelloCheck;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerRefusal;
import dev.coterie.host.transport.Transport.Sent;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Future;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The connection that this node dials to one peer and sends on, and its next attempts for as long
/// as the transport lives. Everything but [#send] and [#flush] happens on one event loop.
///
/// | state | left by |
/// |---|---|
/// | waiting | the backoff's end, or the peer has dialled this node: dialling |
/// | dialling | connected: greeting; failed: waiting |
/// | greeting | both hellos accepted: up; refused, late, broken: waiting |
/// | up | broken, silent: waiting |
/// | stopped | never |
final class PeerLink {
  /// Small frames are joined into buffers of this size.
  private static final int JOINED_BYTES = 64 << 10;

  private enum State {
    WAITING,
    DIALLING,
    GREETING,
    UP,
    STOPPED
  }

  private final NettyTransport transport;
  private final NodeId peer;
  private final InetSocketAddress address;
  private final EventLoop loop;
  private final SendQueue queue;
  private final Runnable pump = this::pump;

  /// The largest message that both sides take; 0 while the link is not up.
  private volatile int messageBytesMax;

  // The loop's alone.
  private State state = State.WAITING;
  private @Nullable Connection connection;
  private @Nullable Future<?> attempt;
  private int backoffMillis;

  PeerLink(NettyTransport transport, NodeId peer, InetSocketAddress address, EventLoop loop) {
    this.transport = transport;
    this.peer = peer;
    this.address = address;
    this.loop = loop;
    this.queue = new SendQueue(transport.options().limits());
    this.backoffMillis = transport.options().timing().backoffMinMillis();
  }

  // From any thread

  boolean isUp() {
    return messageBytesMax > 0;
  }

  long queuedBytes() {
    return queue.bytes();
  }

  Sent send(Bytes message) {
    int most = messageBytesMax;
    if (most == 0) {
      return Sent.NOT_CONNECTED;
    }
    if (message.length() > most) {
      return Sent.TOO_LARGE;
    }
    return queue.add(message) ? Sent.QUEUED : Sent.QUEUE_FULL;
  }

  void flush() {
    if (queue.isEmpty()) {
      return;
    }
    if (loop.inEventLoop()) {
      pump();
    } else {
      loop.execute(pump);
    }
  }

  void announce() {
    loop.execute(
        () -> {
          Connection open = connection;
          if (state == State.UP && open != null) {
            open.announce();
          }
        });
  }

  boolean report(Bytes report) {
    if (report.length() > messageBytesMax) {
      return false;
    }
    loop.execute(
        () -> {
          Connection open = connection;
          if (state == State.UP && open != null) {
            open.report(report);
          }
        });
    return true;
  }

  void start() {
    loop.execute(this::dial);
  }

  /// The peer is there: it has dialled this node.
  void hurry() {
    loop.execute(
        () -> {
          if (state == State.WAITING) {
            dial();
          }
        });
  }

  Future<?> stop() {
    return loop.submit(
        () -> {
          Connection open = connection;
          state = State.STOPPED;
          cancelAttempt();
          if (open != null) {
            open.end(Break.STOPPED);
          }
        });
  }

  // On the loop

  private void cancelAttempt() {
    Future<?> planned = attempt;
    attempt = null;
    if (planned != null) {
      planned.cancel(false);
    }
  }

  private void dial() {
    if (state != State.WAITING) {
      return;
    }
    cancelAttempt();
    state = State.DIALLING;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(transport.channelType())
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                transport.options().timing().connectTimeoutMillis())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(256 << 10, 1 << 20))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    // The handlers come when it is connected.
                  }
                });
    bootstrap.connect(address, source()).addListener((ChannelFuture done) -> dialled(done));
  }

  /// Where a connection is dialled from. A node that listens on a loopback address of its own
  /// (127.0.0.2 and so on) speaks from there too to others on loopback, so that a packet filter can
  /// tell the nodes of one machine apart; null where the system chooses.
  private @Nullable SocketAddress source() {
    InetAddress own = transport.options().listen().getAddress();
    boolean ofItsOwn =
        own instanceof Inet4Address
            && own.isLoopbackAddress()
            && !own.getHostAddress().equals("127.0.0.1");
    return ofItsOwn && address.getHostString().startsWith("127.")
        ? new InetSocketAddress(own, 0)
        : null;
  }

  private void dialled(ChannelFuture done) {
    if (state != State.DIALLING) {
      done.channel().close();
      return;
    }
    if (!done.isSuccess()) {
      transport.count(Break.UNREACHABLE);
      retryLater();
      return;
    }
    state = State.GREETING;
    Connection opened = new Connection(done.channel());
    connection = opened;
    opened.begin();
  }

  private void retryLater() {
    state = State.WAITING;
    int most = transport.options().timing().backoffMaxMillis();
    int wait = ThreadLocalRandom.current().nextInt(backoffMillis / 2, backoffMillis + 1);
    backoffMillis = Math.min(most, backoffMillis * 2);
    attempt = loop.schedule(this::dial, wait, TimeUnit.MILLISECONDS);
  }

  private void up(PeerHello hello, int theirFrameBytesMax) {
    state = State.UP;
    backoffMillis = transport.options().timing().backoffMinMillis();
    int frame = Math.min(theirFrameBytesMax, transport.options().limits().frameBytesMax());
    messageBytesMax = frame - FrameWriter.HEADER;
    announce();
    transport.up(hello);
  }

  /// `ended` is over.
  private void over(Connection ended) {
    if (connection != ended) {
      return;
    }
    connection = null;
    messageBytesMax = 0;
    // A sender that has seen the link up a moment ago may add one more: it is dropped when the
    // next connection is up, or goes out on it. Either may happen to any message.
    transport.lost(queue.clear());
    boolean wasUp = state == State.UP;
    if (state != State.STOPPED) {
      retryLater();
    }
    if (wasUp) {
      transport.down(peer);
    }
  }

  private void pump() {
    Connection open = connection;
    if (state == State.UP && open != null) {
      open.pump();
    } else {
      transport.lost(queue.clear());
    }
  }

  /// One dialled connection.
  private final class Connection extends ChannelInboundHandlerAdapter
      implements FrameReader.Listener {
    private final Channel channel;
    private final FrameReader reader;
    private boolean ended;

    Connection(Channel channel) {
      this.channel = channel;
      this.reader = new FrameReader(this, HelloCodec.BYTES_MAX);
    }

    void begin() {
      NettyOptions options = transport.options();
      channel
          .pipeline()
          .addLast(new Liveness(options.timing(), () -> end(Break.SILENCE)), reader, this);
      byte[] hello =
          HelloCodec.encode(
              new HelloCodec.Greeting(
                  options.hello().get(), peer, options.limits().frameBytesMax()));
      channel.writeAndFlush(FrameWriter.frame(channel.alloc(), FrameKind.HELLO, hello));
      var _ =
          loop.schedule(
              () -> {
                if (connection == this && state == State.GREETING) {
                  end(Break.HELLO_TIMEOUT);
                }
              },
              options.timing().helloTimeoutMillis(),
              TimeUnit.MILLISECONDS);
      if (!channel.isActive()) {
        end(Break.CLOSED);
      }
    }

    @Override
    public void frame(int kind, byte[] payload) {
      switch (kind) {
        case FrameKind.PING -> {}
        case FrameKind.HELLO -> {
          if (state == State.GREETING) {
            answered(payload);
          } else {
            end(Break.OUT_OF_PLACE);
          }
        }
        case FrameKind.REFUSAL -> refusedByPeer(payload);
        case FrameKind.DATA, FrameKind.SYNCED, FrameKind.REPORT -> end(Break.OUT_OF_PLACE);
        default -> transport.unknownFrame();
      }
    }

    private void answered(byte[] payload) {
      HelloCodec.Greeting greeting;
      try {
        greeting = HelloCodec.greeting(payload);
      } catch (DecodeException damaged) {
        end(Break.HELLO_DAMAGED);
        return;
      }
      PeerHello own = transport.options().hello().get();
      switch (transport.check().answer(own, greeting.hello(), peer)) {
        case HelloCheck.Result.Refused(PeerRefusal.Kind kind, String sentence, long knownBoot) -> {
          transport.refused(new PeerRefusal(peer, kind, false, sentence, knownBoot));
          end(Break.REFUSED);
        }
        case HelloCheck.Result.Accepted _ -> up(greeting.hello(), greeting.frameBytesMax());
      }
    }

    private void refusedByPeer(byte[] payload) {
      try {
        HelloCodec.Refusal refusal = HelloCodec.refusal(payload);
        transport.refused(
            new PeerRefusal(peer, refusal.kind(), true, refusal.sentence(), refusal.knownBoot()));
        end(Break.REFUSED);
      } catch (DecodeException damaged) {
        end(Break.HELLO_DAMAGED);
      }
    }

    void announce() {
      long synced = transport.announced();
      if (synced > 0) {
        byte[] sequence = ByteBuffer.allocate(Long.BYTES).putLong(synced).array();
        channel.writeAndFlush(FrameWriter.frame(channel.alloc(), FrameKind.SYNCED, sequence));
      }
    }

    /// Messages go first: where they wait, people do without.
    void report(Bytes report) {
      if (channel.isWritable()) {
        channel.writeAndFlush(FrameWriter.frame(channel.alloc(), FrameKind.REPORT, report.array()));
      }
    }

    /// Gives the channel as much as it takes now.
    void pump() {
      while (channel.isWritable()) {
        Bytes message = queue.poll();
        if (message == null) {
          return;
        }
        ByteBuf out =
            channel.alloc().ioBuffer(Math.max(4096, message.length() + FrameWriter.HEADER));
        int messages = 0;
        while (message != null) {
          FrameWriter.write(out, FrameKind.DATA, message.array());
          messages++;
          message = out.readableBytes() < JOINED_BYTES ? queue.poll() : null;
        }
        long bytes = out.readableBytes();
        int sent = messages;
        channel.writeAndFlush(out).addListener(_ -> queue.gone(bytes, sent));
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (channel.isWritable() && connection == this && state == State.UP) {
        pump();
      }
    }

    @Override
    public void broken(Break reason) {
      end(reason);
    }

    void end(Break reason) {
      if (!ended) {
        ended = true;
        reader.stop();
        transport.count(reason);
        channel.close();
        over(this);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end(Break.CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      end(transport.reasonOf(cause));
    }
  }
}
