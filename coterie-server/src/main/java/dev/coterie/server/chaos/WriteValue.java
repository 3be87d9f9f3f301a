// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.core.base.Prng;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What a put stores: the number of the write, and filler that follows from it, so that a value
/// that was altered on its way is known.
final class WriteValue {
  private static final int SMALL_MAX = 120;
  private static final int LARGE = 12_000;
  private static final int LARGE_ONE_IN = 40;

  private WriteValue() {}

  /// `w17 ` and letters.
  static byte[] of(int id) {
    byte[] head = ("w" + id + " ").getBytes(StandardCharsets.US_ASCII);
    Prng draws = new Prng(id);
    int filler = draws.nextInt(LARGE_ONE_IN) == 0 ? LARGE : draws.nextInt(SMALL_MAX);
    byte[] value = Arrays.copyOf(head, head.length + filler);
    for (int i = head.length; i < value.length; i++) {
      value[i] = (byte) ('a' + draws.nextInt(26));
    }
    return value;
  }

  /// The write that `value` is the whole value of; 0 where there is none.
  static int idOf(byte[] value) {
    int id = 0;
    int i = 1;
    while (i < value.length && i <= 9 && value[i] >= '0' && value[i] <= '9') {
      id = id * 10 + (value[i] - '0');
      i++;
    }
    return id > 0 && Arrays.equals(value, of(id)) ? id : 0;
  }
}
