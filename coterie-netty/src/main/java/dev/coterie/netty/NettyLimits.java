// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

/// How much a [NettyTransport] holds at once.
///
/// @param frameBytesMax the largest frame, header included, that is sent or taken. More: larger
///   values; less: less memory for each connection. The largest value plus 64 KiB: 1 MiB + 64 KiB
///   by default, at most 64 MiB
/// @param queueBytesMax bytes that wait for one peer. More: longer stalls are ridden out; less: a
///   slow peer costs less memory and is named sooner. 32 MiB by default
/// @param queueMessagesMax messages that wait for one peer, 65,536 by default
/// @param strangersMax accepted connections whose hello has not come yet, 256 by default; more are
///   closed at once
public record NettyLimits(
    int frameBytesMax, long queueBytesMax, int queueMessagesMax, int strangersMax) {
  public static final int FRAME_BYTES_MOST = 64 << 20;

  public NettyLimits {
    if (frameBytesMax < HelloCodec.BYTES_MAX || frameBytesMax > FRAME_BYTES_MOST) {
      throw new IllegalArgumentException(
          "a frame's limit is "
              + HelloCodec.BYTES_MAX
              + " bytes to 64 MiB, but was "
              + frameBytesMax);
    }
    if (queueBytesMax < frameBytesMax) {
      throw new IllegalArgumentException(
          "a queue must have room for the largest frame of "
              + frameBytesMax
              + " bytes, but its limit was "
              + queueBytesMax);
    }
    if (queueMessagesMax < 1 || strangersMax < 1) {
      throw new IllegalArgumentException(
          "at least one message must wait and one stranger be heard, but the limits were "
              + queueMessagesMax
              + " and "
              + strangersMax);
    }
  }

  public static NettyLimits standard() {
    return new NettyLimits((1 << 20) + (64 << 10), 32L << 20, 1 << 16, 256);
  }
}
