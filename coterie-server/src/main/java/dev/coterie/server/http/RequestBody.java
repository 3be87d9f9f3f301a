// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The body of one request as it arrives. Where its length was announced, it goes straight behind a
/// prefix into the array in which it will be stored: one copy up to [#FIRST_BYTES], above that the
/// array grows with what has really arrived, so that announcing much costs nothing. All bytes held
/// are charged to the listener's budget until [#release].
final class RequestBody {
  private static final int FIRST_BYTES = 64 * 1024;

  enum Added {
    DONE,
    /// More than was allowed for this request.
    TOO_LARGE,
    /// No memory for it among all requests.
    NO_ROOM
  }

  private final Admission admission;
  private final int lengthMax;
  private final int expected;
  private final int prefixLength;
  private byte[] bytes;
  private int size;
  private long charged;

  /// @param expected the announced length, -1 where there is none
  RequestBody(Admission admission, byte[] prefix, int expected, int lengthMax) {
    this.admission = admission;
    this.expected = expected;
    this.lengthMax = lengthMax;
    this.prefixLength = prefix.length;
    this.bytes = prefix;
    this.size = prefix.length;
  }

  Added add(ByteBuf chunk) {
    int more = chunk.readableBytes();
    if (more == 0) {
      return Added.DONE;
    }
    if (more > lengthMax - (size - prefixLength)) {
      return Added.TOO_LARGE;
    }
    if (size + more > bytes.length) {
      int wanted;
      if (expected >= 0) {
        int whole = prefixLength + Math.max(expected, size - prefixLength + more);
        int step = Math.max(prefixLength + FIRST_BYTES, Math.max(2 * size, size + more));
        wanted = Math.min(whole, step);
      } else {
        wanted = Math.max(1024, Math.max(2 * size, size + more));
      }
      if (!admission.takeBytes(wanted - charged)) {
        return Added.NO_ROOM;
      }
      charged = wanted;
      bytes = Arrays.copyOf(bytes, wanted);
    }
    chunk.readBytes(bytes, size, more);
    size += more;
    return Added.DONE;
  }

  /// Prefix and body; exactly as long where the announced length was right.
  byte[] whole() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  /// Without the prefix.
  int length() {
    return size - prefixLength;
  }

  void release() {
    admission.giveBytes(charged);
    charged = 0;
    bytes = new byte[0];
    size = 0;
  }
}
