// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.codec.message.MessageKind;
import java.util.Arrays;

/// A request that one node has of another for a client's operation, as a number: who, whom, what
/// and for which operation. By this an answer finds what it answers, and one that comes twice
/// counts once.
final class Asked {
  /// No request.
  static final long NOTHING = -1;

  private static final MessageKind[][] PAIRS = {
    {MessageKind.STORE_REPLICA, MessageKind.STORE_REPLICA_REPLY},
    {MessageKind.READ_REPLICA, MessageKind.READ_REPLICA_REPLY},
    {MessageKind.STORE_HINT, MessageKind.STORE_HINT_REPLY},
    {MessageKind.READ_HINT, MessageKind.READ_HINT_REPLY},
    {MessageKind.FORWARD, MessageKind.FORWARD_REPLY},
  };

  /// By the number of a kind: which pair it begins, and which it ends; -1 for none.
  private static final int[] ASKS = new int[256];

  private static final int[] ANSWERS = new int[256];

  static {
    Arrays.fill(ASKS, -1);
    Arrays.fill(ANSWERS, -1);
    for (int pair = 0; pair < PAIRS.length; pair++) {
      ASKS[PAIRS[pair][0].number()] = pair;
      ANSWERS[PAIRS[pair][1].number()] = pair;
    }
  }

  private Asked() {}

  /// The request that the message of a `SENT` entry is.
  static long by(Recording recording, int entry) {
    return of(recording, entry, ASKS, recording.b(entry), recording.a(entry));
  }

  /// The request that it answers.
  static long answeredBy(Recording recording, int entry) {
    return of(recording, entry, ANSWERS, recording.a(entry), recording.b(entry));
  }

  private static long of(Recording recording, int entry, int[] pairs, int node, int asker) {
    int pair = pairs[recording.c(entry)];
    return pair < 0 || recording.x(entry) == 0
        ? NOTHING
        : (long) recording.x(entry) << 20 | node << 12 | asker << 4 | pair;
  }

  /// Who has been asked.
  static int node(long request) {
    return (int) (request >> 12) & 0xff;
  }
}
