// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.HelloCheck;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerRefusal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One accepted connection: first a stranger, then one that a peer sends on.
///
/// | state | frame | what follows |
/// |---|---|---|
/// | stranger | a hello that is accepted | own hello is sent; peer |
/// | stranger | a hello that is refused | the refusal is sent; closed |
/// | stranger | anything else, or the hello timeout | closed |
/// | peer | data | delivered |
/// | peer | synced | held against the peer's next boot |
/// | peer | report | handed on, for people |
/// | peer | hello, refusal | closed |
final class Accepted extends ChannelInboundHandlerAdapter implements FrameReader.Listener {
  private final NettyTransport transport;
  private final Channel channel;
  private final FrameReader reader;
  private volatile @Nullable PeerHello peer;
  private boolean closed;

  Accepted(NettyTransport transport, Channel channel) {
    this.transport = transport;
    this.channel = channel;
    this.reader = new FrameReader(this, HelloCodec.BYTES_MAX);
  }

  void begin() {
    channel
        .pipeline()
        .addLast(
            new Liveness(transport.options().timing(), () -> close(Break.SILENCE)), reader, this);
    var _ =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  if (peer == null) {
                    close(Break.HELLO_TIMEOUT);
                  }
                },
                transport.options().timing().helloTimeoutMillis(),
                TimeUnit.MILLISECONDS);
  }

  boolean isStranger() {
    return peer == null;
  }

  @Nullable NodeId node() {
    PeerHello known = peer;
    return known == null ? null : known.node();
  }

  @Override
  public void frame(int kind, byte[] payload) {
    PeerHello known = peer;
    switch (kind) {
      case FrameKind.PING -> {}
      case FrameKind.HELLO -> {
        if (known == null) {
          hello(payload);
        } else {
          close(Break.OUT_OF_PLACE);
        }
      }
      case FrameKind.DATA -> {
        if (known == null) {
          close(Break.OUT_OF_PLACE);
        } else {
          transport.receiver().delivered(known.node(), Bytes.of(payload));
        }
      }
      case FrameKind.SYNCED -> {
        if (known == null || payload.length != Long.BYTES) {
          close(Break.OUT_OF_PLACE);
        } else {
          long sequence = ByteBuffer.wrap(payload).getLong();
          transport.check().heard(known.node(), known.boot(), sequence);
        }
      }
      case FrameKind.REPORT -> {
        if (known == null) {
          close(Break.OUT_OF_PLACE);
        } else {
          transport.receiver().reported(known.node(), Bytes.of(payload));
        }
      }
      case FrameKind.REFUSAL -> close(Break.OUT_OF_PLACE);
      default -> transport.unknownFrame();
    }
  }

  private void hello(byte[] payload) {
    HelloCodec.Greeting greeting;
    try {
      greeting = HelloCodec.greeting(payload);
    } catch (DecodeException damaged) {
      close(Break.HELLO_DAMAGED);
      return;
    }
    PeerHello theirs = greeting.hello();
    PeerHello own = transport.options().hello().get();
    switch (transport.check().incoming(own, theirs, greeting.intended())) {
      case HelloCheck.Result.Refused(PeerRefusal.Kind kind, String sentence, long knownBoot) -> {
        PeerRefusal refusal = new PeerRefusal(theirs.node(), kind, false, sentence, knownBoot);
        transport.refused(refusal);
        byte[] answer = HelloCodec.encode(new HelloCodec.Refusal(kind, sentence, knownBoot));
        reader.stop();
        transport.count(Break.REFUSED);
        closed = true;
        channel
            .writeAndFlush(FrameWriter.frame(channel.alloc(), FrameKind.REFUSAL, answer))
            .addListener(ChannelFutureListener.CLOSE);
      }
      case HelloCheck.Result.Accepted _ -> {
        byte[] answer =
            HelloCodec.encode(
                new HelloCodec.Greeting(
                    own, theirs.node(), transport.options().limits().frameBytesMax()));
        reader.allow(transport.options().limits().frameBytesMax());
        peer = theirs;
        channel.writeAndFlush(FrameWriter.frame(channel.alloc(), FrameKind.HELLO, answer));
        transport.accepted(this, theirs.node());
      }
    }
  }

  @Override
  public void broken(Break reason) {
    close(reason);
  }

  /// Ends the connection; on its event loop.
  void close(Break reason) {
    if (!closed) {
      closed = true;
      reader.stop();
      transport.count(reason);
      channel.close();
    }
  }

  void closeFromElsewhere(Break reason) {
    channel.eventLoop().execute(() -> close(reason));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    close(Break.CLOSED);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    close(transport.reasonOf(cause));
  }
}
