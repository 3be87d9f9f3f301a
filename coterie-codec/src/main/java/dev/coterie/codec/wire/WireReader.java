// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.wire;

import dev.coterie.core.base.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads fields out of a part of an array. Use: `while (in.next()) switch (in.field()) { ...
/// default -> in.skip(); }`. Every length is checked against what is left before anything is
/// allocated.
public final class WireReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] buffer;
  private final int limit;
  private int at;
  private int field;
  private int type;

  public WireReader(byte[] buffer) {
    this(buffer, 0, buffer.length);
  }

  public WireReader(byte[] buffer, int from, int to) {
    this.buffer = buffer;
    this.at = from;
    this.limit = to;
  }

  public boolean isAtEnd() {
    return at >= limit;
  }

  /// Moves to the next field; false at the end.
  public boolean next() throws DecodeException {
    if (at >= limit) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    type = (int) (tag & 7);
    if (tag >>> 32 != 0 || field == 0) {
      throw new DecodeException("bad field tag " + Long.toUnsignedString(tag));
    }
    if (type != WireWriter.VARINT && type != WireWriter.FIXED64 && type != WireWriter.LENGTH) {
      throw new DecodeException("field " + field + " has unknown type " + type);
    }
    return true;
  }

  public int field() {
    return field;
  }

  public long varint() throws DecodeException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= limit) {
        throw new DecodeException("cut off inside a number");
      }
      byte b = buffer[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new DecodeException("a number of more than ten bytes");
  }

  private void expect(int wanted) throws DecodeException {
    if (type != wanted) {
      throw new DecodeException("field " + field + " has type " + type + ", not " + wanted);
    }
  }

  public long number() throws DecodeException {
    expect(WireWriter.VARINT);
    return varint();
  }

  public int smallNumber(int most) throws DecodeException {
    long value = number();
    if (value < 0 || value > most) {
      throw new DecodeException("field " + field + " is " + value + ", more than " + most);
    }
    return (int) value;
  }

  public boolean flag() throws DecodeException {
    return number() != 0;
  }

  public long fixed() throws DecodeException {
    expect(WireWriter.FIXED64);
    if (limit - at < 8) {
      throw new DecodeException("cut off inside field " + field);
    }
    long value = (long) LONGS.get(buffer, at);
    at += 8;
    return value;
  }

  private int length() throws DecodeException {
    expect(WireWriter.LENGTH);
    long length = varint();
    if (length < 0 || length > limit - at) {
      throw new DecodeException(
          "field " + field + " claims " + length + " bytes, " + (limit - at) + " are left");
    }
    return (int) length;
  }

  /// A hash of the first and the last bytes of what is not read yet.
  public int hashOfRest() {
    if (limit - at < 8) {
      return limit - at;
    }
    long first = (long) LONGS.get(buffer, at);
    long last = (long) LONGS.get(buffer, limit - 8);
    return Long.hashCode((first * 31 + last) * 0x9E3779B97F4A7C15L);
  }

  /// Whether what is not read yet is `bytes`.
  public boolean restIs(byte[] bytes) {
    return Arrays.equals(buffer, at, limit, bytes, 0, bytes.length);
  }

  /// What is not read yet.
  public byte[] rest() {
    return Arrays.copyOfRange(buffer, at, limit);
  }

  public Bytes bytes() throws DecodeException {
    int length = length();
    Bytes value = Bytes.of(Arrays.copyOfRange(buffer, at, at + length));
    at += length;
    return value;
  }

  public String text(int lengthMax) throws DecodeException {
    int length = length();
    if (length > lengthMax) {
      throw new DecodeException("field " + field + " is longer than " + lengthMax);
    }
    String value = new String(buffer, at, length, StandardCharsets.UTF_8);
    at += length;
    return value;
  }

  /// A nested message, to be read with a reader of its own.
  public WireReader nested() throws DecodeException {
    int length = length();
    WireReader inner = new WireReader(buffer, at, at + length);
    at += length;
    return inner;
  }

  public void skip() throws DecodeException {
    switch (type) {
      case WireWriter.VARINT -> varint();
      case WireWriter.FIXED64 -> fixed();
      default -> {
        // Not `at += length()`: that would add to where `at` stood before the length was read.
        int length = length();
        at += length;
      }
    }
  }
}
