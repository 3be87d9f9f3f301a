// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import dev.coterie.core.base.Bytes;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What waits for one peer, bounded in bytes and number. Added to from any thread, taken by the
/// link's event loop. A message counts from when it was added until the kernel has taken it.
final class SendQueue {
  private final long bytesMax;
  private final int messagesMax;
  private final ConcurrentLinkedQueue<Bytes> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger messages = new AtomicInteger();

  SendQueue(NettyLimits limits) {
    this.bytesMax = limits.queueBytesMax();
    this.messagesMax = limits.queueMessagesMax();
  }

  /// Whether there was room.
  boolean add(Bytes message) {
    long size = (long) message.length() + FrameWriter.HEADER;
    if (bytes.addAndGet(size) > bytesMax) {
      bytes.addAndGet(-size);
      return false;
    }
    if (messages.incrementAndGet() > messagesMax) {
      messages.decrementAndGet();
      bytes.addAndGet(-size);
      return false;
    }
    queue.add(message);
    return true;
  }

  @Nullable Bytes poll() {
    return queue.poll();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /// The kernel has taken these, or they are lost.
  void gone(long goneBytes, int goneMessages) {
    bytes.addAndGet(-goneBytes);
    messages.addAndGet(-goneMessages);
  }

  long bytes() {
    return bytes.get();
  }

  /// Drops what waits: it was for a connection that is no more.
  int clear() {
    int dropped = 0;
    for (Bytes message = queue.poll(); message != null; message = queue.poll()) {
      gone((long) message.length() + FrameWriter.HEADER, 1);
      dropped++;
    }
    return dropped;
  }
}
