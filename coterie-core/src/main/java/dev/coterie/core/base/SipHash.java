// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// SipHash-2-4 (Aumasson, Bernstein, 2012): a keyed hash of 64 or 128 bits. Without the key nobody
/// can craft two inputs that collide, so it orders keys on the ring, names values, and
/// authenticates contexts.
///
/// @param k0 first half of the key
/// @param k1 second half of the key
public record SipHash(long k0, long k1) {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// The two halves of a 128-bit hash.
  public record Tag(long low, long high) {}

  /// A key derived from this one for `purpose`, so that one secret serves several uses.
  public SipHash derive(String purpose) {
    Tag tag = hash128(Bytes.utf8(purpose).array());
    return new SipHash(tag.low(), tag.high());
  }

  public static SipHash ofSecret(byte[] secret) {
    SipHash fixed = new SipHash(0x636f746572696521L, 0x71756f72756d7321L);
    Tag tag = fixed.hash128(secret);
    return new SipHash(tag.low(), tag.high());
  }

  public long hash(byte[] in) {
    return hash(in, 0, in.length);
  }

  public long hash(byte[] in, int from, int length) {
    State s = new State(k0, k1, false);
    s.absorb(in, from, length);
    s.v2 ^= 0xff;
    s.rounds(4);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
  }

  public Tag hash128(byte[] in) {
    State s = new State(k0, k1, true);
    s.absorb(in, 0, in.length);
    s.v2 ^= 0xee;
    s.rounds(4);
    long low = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
    s.v1 ^= 0xdd;
    s.rounds(4);
    return new Tag(low, s.v0 ^ s.v1 ^ s.v2 ^ s.v3);
  }

  private static final class State {
    long v0;
    long v1;
    long v2;
    long v3;

    State(long k0, long k1, boolean wide) {
      v0 = k0 ^ 0x736f6d6570736575L;
      v1 = k1 ^ 0x646f72616e646f6dL ^ (wide ? 0xee : 0);
      v2 = k0 ^ 0x6c7967656e657261L;
      v3 = k1 ^ 0x7465646279746573L;
    }

    void absorb(byte[] in, int from, int length) {
      int end = from + (length & ~7);
      for (int i = from; i < end; i += 8) {
        word((long) LONGS.get(in, i));
      }
      long last = (long) length << 56;
      for (int i = 0; i < (length & 7); i++) {
        last |= (in[end + i] & 0xffL) << (8 * i);
      }
      word(last);
    }

    private void word(long m) {
      v3 ^= m;
      rounds(2);
      v0 ^= m;
    }

    void rounds(int count) {
      long a = v0;
      long b = v1;
      long c = v2;
      long d = v3;
      for (int i = 0; i < count; i++) {
        a += b;
        b = Long.rotateLeft(b, 13) ^ a;
        a = Long.rotateLeft(a, 32);
        c += d;
        d = Long.rotateLeft(d, 16) ^ c;
        a += d;
        d = Long.rotateLeft(d, 21) ^ a;
        c += b;
        b = Long.rotateLeft(b, 17) ^ c;
        c = Long.rotateLeft(c, 32);
      }
      v0 = a;
      v1 = b;
      v2 = c;
      v3 = d;
    }
  }
}
