// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;

/// Cuts what arrives into frames, checks them, and hands each one on. A payload is copied once,
/// from the buffer of the socket into the array that the message keeps.
///
/// The array of a large payload grows with what has arrived: a header alone, whatever length it
/// claims, takes no more than [#AT_FIRST] bytes.
final class FrameReader extends ChannelInboundHandlerAdapter {
  /// Who is told of the frames of one connection.
  interface Listener {
    /// A whole frame whose checksum is right. `payload` is the listener's to keep.
    void frame(int kind, byte[] payload);

    /// What arrived is no frame; nothing more is read.
    void broken(Break reason);
  }

  /// Memory for a payload before any of it has arrived.
  static final int AT_FIRST = 1 << 16;

  /// The array is at most this many times as large as what has arrived.
  private static final int GROWTH = 8;

  private final Listener listener;
  private final byte[] header = new byte[FrameWriter.HEADER];
  private int frameBytesMax;
  private boolean stopped;

  /// Bytes of the present frame that are there, header included.
  private int have;

  private int payloadLength;
  private byte[] payload = header;

  FrameReader(Listener listener, int frameBytesMax) {
    this.listener = listener;
    this.frameBytesMax = frameBytesMax;
  }

  /// From the next frame on, this many bytes are the most, header included.
  void allow(int bytes) {
    frameBytesMax = bytes;
  }

  /// Nothing more is read.
  void stop() {
    stopped = true;
    payload = header;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      while (!stopped && (in.isReadable() || isWhole())) {
        if (have < FrameWriter.HEADER) {
          readHeader(in);
        } else if (!isWhole()) {
          readPayload(in);
        } else {
          finish();
        }
      }
    } finally {
      in.release();
    }
  }

  private boolean isWhole() {
    return have >= FrameWriter.HEADER && have - FrameWriter.HEADER == payloadLength;
  }

  private void readHeader(ByteBuf in) {
    int length = Math.min(in.readableBytes(), FrameWriter.HEADER - have);
    in.readBytes(header, have, length);
    have += length;
    // Judged as soon as it is there: the bytes behind a bad length mean nothing.
    if (have >= 4) {
      int claimed = intAt(0);
      if (claimed < FrameWriter.COUNTED || claimed > frameBytesMax - 4) {
        fail(Break.LENGTH);
        return;
      }
      payloadLength = claimed - FrameWriter.COUNTED;
    }
    if (have == FrameWriter.HEADER) {
      payload = new byte[Math.min(payloadLength, AT_FIRST)];
    }
  }

  private void readPayload(ByteBuf in) {
    int filled = have - FrameWriter.HEADER;
    if (filled == payload.length) {
      payload = Arrays.copyOf(payload, (int) Math.min(payloadLength, (long) filled * GROWTH));
    }
    int length = Math.min(in.readableBytes(), payload.length - filled);
    in.readBytes(payload, filled, length);
    have += length;
  }

  private void finish() {
    int kind = header[8] & 0xff;
    byte[] whole = payload;
    have = 0;
    payload = header;
    if (FrameWriter.checksum(kind, whole, payloadLength) != intAt(4)) {
      fail(Break.CHECKSUM);
      return;
    }
    listener.frame(kind, whole);
  }

  private void fail(Break reason) {
    stop();
    listener.broken(reason);
  }

  private int intAt(int index) {
    return (header[index] & 0xff) << 24
        | (header[index + 1] & 0xff) << 16
        | (header[index + 2] & 0xff) << 8
        | (header[index + 3] & 0xff);
  }
}
