// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

/// What a frame is: one byte each, append-only.
final class FrameKind {
  /// The first frame in either direction; see [HelloCodec].
  static final int HELLO = 1;

  /// In place of a hello, or in answer to one; the connection ends after it.
  static final int REFUSAL = 2;

  /// One message for the node.
  static final int DATA = 3;

  /// Nothing but a sign of life.
  static final int PING = 4;

  /// Eight bytes: the sender's store has synced everything up to this sequence number.
  static final int SYNCED = 5;

  /// What one node tells or asks another for people: [NettyTransport#report].
  static final int REPORT = 6;

  private FrameKind() {}
}
