// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.token;

import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.DotSet;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Dots as few bytes as a header should carry. One entry per actor, in order: the length of its
/// node's name and the name, or 0 for the node of the entry before; boot, nonce (8 bytes), serial,
/// number of ranges; and per range its distance from the end of the one before and its length less
/// one. Numbers are varints. One set has one encoding: reading refuses every other.
final class DotsCodec {
  private DotsCodec() {}

  /// At least [#size], without looking at names twice.
  static int sizeMax(DotSet dots) {
    int size = 0;
    for (int i = 0; i < dots.actorCount(); i++) {
      size += entrySizeMax(dots, i);
    }
    return size;
  }

  static int entrySizeMax(DotSet dots, int index) {
    return 1 + dots.actor(index).node().name().length() + actorSize(dots, index);
  }

  private static int actorSize(DotSet dots, int index) {
    ActorId actor = dots.actor(index);
    long[] bounds = dots.bounds(index);
    int size =
        varintSize(actor.boot()) + 8 + varintSize(actor.serial()) + varintSize(bounds.length / 2);
    long last = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      size += varintSize(bounds[i] - last) + varintSize(bounds[i + 1] - bounds[i]);
      last = bounds[i + 1];
    }
    return size;
  }

  static int size(DotSet dots) {
    int size = 0;
    for (int i = 0; i < dots.actorCount(); i++) {
      size += 1 + (sameNode(dots, i) ? 0 : dots.actor(i).node().name().length());
      size += actorSize(dots, i);
    }
    return size;
  }

  private static boolean sameNode(DotSet dots, int index) {
    return index > 0 && dots.actor(index).node().equals(dots.actor(index - 1).node());
  }

  /// Writes into `out` from `from`; there must be room for [#size] bytes.
  static void write(DotSet dots, byte[] out, int from) {
    int at = from;
    for (int i = 0; i < dots.actorCount(); i++) {
      ActorId actor = dots.actor(i);
      if (sameNode(dots, i)) {
        out[at++] = 0;
      } else {
        byte[] name = actor.node().name().getBytes(StandardCharsets.ISO_8859_1);
        out[at++] = (byte) name.length;
        System.arraycopy(name, 0, out, at, name.length);
        at += name.length;
      }
      at = varint(out, at, actor.boot());
      for (int j = 0; j < 8; j++) {
        out[at++] = (byte) (actor.nonce() >>> (8 * j));
      }
      at = varint(out, at, actor.serial());
      long[] bounds = dots.bounds(i);
      at = varint(out, at, bounds.length / 2);
      long last = 0;
      for (int j = 0; j < bounds.length; j += 2) {
        at = varint(out, at, bounds[j] - last);
        at = varint(out, at, bounds[j + 1] - bounds[j]);
        last = bounds[j + 1];
      }
    }
    Invariant.check(at - from == size(dots), "wrote %s of %s bytes", at - from, size(dots));
  }

  /// The set in `in` between `from` and `to`; null where there is none.
  static @Nullable DotSet read(byte[] in, int from, int to) {
    return new Reader(in, from, to).dots();
  }

  private static int varintSize(long value) {
    return 1 + (63 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  private static int varint(byte[] out, int from, long value) {
    int at = from;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[at++] = (byte) rest;
    return at;
  }

  private static final class Reader {
    private final byte[] in;
    private final int to;
    private int at;
    private boolean bad;

    Reader(byte[] in, int from, int to) {
      this.in = in;
      this.at = from;
      this.to = to;
    }

    @Nullable DotSet dots() {
      DotSet.Builder builder = new DotSet.Builder();
      NodeId node = null;
      while (at < to) {
        int length = in[at++];
        if (length > 0) {
          NodeId next = node(length);
          if (next == null || next.equals(node)) {
            return null;
          }
          node = next;
        }
        if (length < 0 || node == null) {
          return null;
        }
        ActorId actor = actor(node);
        long[] bounds = actor == null ? null : bounds();
        if (actor == null || bounds == null || !builder.add(actor, bounds)) {
          return null;
        }
      }
      return builder.build();
    }

    private @Nullable NodeId node(int length) {
      if (length > to - at) {
        return null;
      }
      String name = new String(in, at, length, StandardCharsets.ISO_8859_1);
      at += length;
      return NodeId.valid(name) ? new NodeId(name) : null;
    }

    private @Nullable ActorId actor(NodeId node) {
      long boot = varint();
      if (bad || boot < 1 || to - at < 8) {
        return null;
      }
      long nonce = 0;
      for (int i = 0; i < 8; i++) {
        nonce |= (in[at++] & 0xffL) << (8 * i);
      }
      long serial = varint();
      return bad || serial < 0 || serial > Integer.MAX_VALUE
          ? null
          : new ActorId(node, boot, nonce, (int) serial);
    }

    private long @Nullable [] bounds() {
      long count = varint();
      if (bad || count < 1 || count > (to - at) / 2) {
        return null;
      }
      long[] bounds = new long[2 * (int) count];
      long last = 0;
      for (int i = 0; i < bounds.length; i += 2) {
        long gap = varint();
        long length = varint();
        if (bad || gap < 1 || length < 0) {
          return null;
        }
        bounds[i] = last + gap;
        bounds[i + 1] = bounds[i] + length;
        if (bounds[i] < 0 || bounds[i + 1] < 0) {
          return null;
        }
        last = bounds[i + 1];
      }
      return bounds;
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; shift < 70 && at < to; shift += 7) {
        byte b = in[at++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          bad |= (b == 0 && shift > 0) || (shift == 63 && b > 1);
          return value;
        }
      }
      bad = true;
      return 0;
    }
  }
}
