// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/// Sends a sign of life when nothing else was sent for a while, and says when nothing came.
final class Liveness extends IdleStateHandler {
  private static final byte[] NOTHING = {};
  private final Runnable silence;

  /// @param silence called on the event loop when nothing came for the silence timeout
  Liveness(NettyTiming timing, Runnable silence) {
    super(timing.silenceTimeoutMillis(), timing.pingIntervalMillis(), 0, TimeUnit.MILLISECONDS);
    this.silence = silence;
  }

  @Override
  protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
    if (event.state() == IdleState.READER_IDLE) {
      silence.run();
    } else if (event.state() == IdleState.WRITER_IDLE) {
      context.writeAndFlush(FrameWriter.frame(context.alloc(), FrameKind.PING, NOTHING));
    }
  }
}
