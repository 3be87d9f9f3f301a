// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.zip.CRC32C;

/// Writes frames; the layout stands in the package's description.
final class FrameWriter {
  /// Bytes of a frame before its payload: length, checksum, kind.
  static final int HEADER = 9;

  /// What the length counts beside the payload: checksum and kind.
  static final int COUNTED = 5;

  private FrameWriter() {}

  static void write(ByteBuf out, int kind, byte[] payload) {
    out.writeInt(COUNTED + payload.length);
    out.writeInt(checksum(kind, payload, payload.length));
    out.writeByte(kind);
    out.writeBytes(payload);
  }

  static ByteBuf frame(ByteBufAllocator allocator, int kind, byte[] payload) {
    ByteBuf out = allocator.ioBuffer(HEADER + payload.length);
    write(out, kind, payload);
    return out;
  }

  static int checksum(int kind, byte[] payload, int length) {
    CRC32C crc = new CRC32C();
    crc.update(kind);
    crc.update(payload, 0, length);
    return (int) crc.getValue();
  }
}
