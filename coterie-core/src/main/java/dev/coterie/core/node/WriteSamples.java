// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

/// When some of the last writes were sent to their owners, kept beyond their answers: the owner
/// that acks last is the one worth measuring. A fixed number of slots, nothing allocated.
final class WriteSamples {
  static final long NONE = -1;
  private static final int SLOTS = 64;

  /// A sample is kept this long: a later ack is not measured.
  private static final long KEPT_NANOS = 5_000_000_000L;

  private final long[] ids = new long[SLOTS];
  private final long[] sentAt = new long[SLOTS];
  private final boolean[] used = new boolean[SLOTS];
  private int next;

  /// The write `id` is sent; it is measured where a slot is free.
  void sent(long id, long now) {
    if (!used[next] || now - sentAt[next] >= KEPT_NANOS) {
      used[next] = true;
      ids[next] = id;
      sentAt[next] = now;
      next = (next + 1) % SLOTS;
    }
  }

  /// How long ago the write was sent; [#NONE] where it is not measured.
  long since(long id, long now) {
    for (int i = 0; i < SLOTS; i++) {
      if (used[i] && ids[i] == id && now - sentAt[i] < KEPT_NANOS) {
        return now - sentAt[i];
      }
    }
    return NONE;
  }
}
