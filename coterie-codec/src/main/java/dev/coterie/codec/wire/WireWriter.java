// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.wire;

import dev.coterie.core.base.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes fields into a growing array. Numbers are varints or 8 bytes little-endian; byte strings
/// and nested messages carry their length first. A nested length always takes four bytes, so that
/// nothing is moved.
public final class WireWriter {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] buffer;
  private int size;

  public WireWriter(int expected) {
    buffer = new byte[Math.max(16, expected)];
  }

  public int size() {
    return size;
  }

  public byte[] toArray() {
    return Arrays.copyOf(buffer, size);
  }

  /// The written bytes; the writer must not be used afterwards.
  public Bytes toBytes() {
    return Bytes.of(size == buffer.length ? buffer : Arrays.copyOf(buffer, size));
  }

  /// The array being written, valid up to [#size].
  public byte[] array() {
    return buffer;
  }

  private void ensure(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }

  public void rawByte(int value) {
    ensure(1);
    buffer[size++] = (byte) value;
  }

  public void rawInt(int bigEndian) {
    ensure(4);
    buffer[size++] = (byte) (bigEndian >>> 24);
    buffer[size++] = (byte) (bigEndian >>> 16);
    buffer[size++] = (byte) (bigEndian >>> 8);
    buffer[size++] = (byte) bigEndian;
  }

  public void rawBytes(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
  }

  public void varint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
  }

  private void tag(int field, int type) {
    varint(((long) field << 3) | type);
  }

  /// A number; 0 is left out.
  public void number(int field, long value) {
    if (value != 0) {
      tag(field, VARINT);
      varint(value);
    }
  }

  public void flag(int field, boolean value) {
    number(field, value ? 1 : 0);
  }

  /// Eight bytes, for hashes and nonces; 0 is left out.
  public void fixed(int field, long value) {
    if (value != 0) {
      tag(field, FIXED64);
      ensure(8);
      LONGS.set(buffer, size, value);
      size += 8;
    }
  }

  /// A byte string; an empty one is left out.
  public void bytes(int field, Bytes value) {
    if (!value.isEmpty()) {
      tag(field, LENGTH);
      varint(value.length());
      rawBytes(value.array());
    }
  }

  public void text(int field, String value) {
    if (!value.isEmpty()) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      tag(field, LENGTH);
      varint(utf8.length);
      rawBytes(utf8);
    }
  }

  /// Begins a nested message; hand the result to [#end].
  public int begin(int field) {
    tag(field, LENGTH);
    ensure(4);
    size += 4;
    return size;
  }

  public void end(int begun) {
    int length = size - begun;
    buffer[begun - 4] = (byte) ((length & 0x7f) | 0x80);
    buffer[begun - 3] = (byte) (((length >>> 7) & 0x7f) | 0x80);
    buffer[begun - 2] = (byte) (((length >>> 14) & 0x7f) | 0x80);
    buffer[begun - 1] = (byte) ((length >>> 21) & 0x7f);
  }
}
