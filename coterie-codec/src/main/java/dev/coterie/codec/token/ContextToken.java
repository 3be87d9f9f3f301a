// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.token;

import dev.coterie.codec.token.TokenReading.Opened;
import dev.coterie.codec.token.TokenReading.Refused;
import dev.coterie.codec.token.TokenReading.Why;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.ObjectKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Seals causal contexts into tokens and opens them again.
///
/// A token is one byte of format version, one of key id, the dots (see [DotsCodec]), and 16 bytes
/// of SipHash-2-4-128 over version, key id, cluster id, bucket type, bucket, key and dots, each
/// with its length. It is neither secret nor a capability: the MAC says only that this cluster gave
/// this context for this key. All nodes of a cluster share the key. Immutable, safe for all
/// threads.
public final class ContextToken {
  public static final int VERSION = 1;

  /// Of a token, in bytes.
  public static final int LENGTH_MAX = 8 * 1024;

  private static final int HEADER = 2;
  private static final int MAC = 16;
  private static final int DOTS_MAX = LENGTH_MAX - HEADER - MAC;

  private final SipHash key;
  private final int keyId;
  private final byte[] cluster;
  private final SessionToken sessions;
  private final Plants plants;

  /// @param secret the cluster's secret; a key of its own is derived from it
  /// @param keyId which secret that is, 0 to 255
  public ContextToken(SipHash secret, int keyId, String clusterId) {
    this(secret, keyId, clusterId, Plants.NONE);
  }

  /// @param plants bugs on purpose, none outside the simulator
  public ContextToken(SipHash secret, int keyId, String clusterId, Plants plants) {
    Invariant.check(keyId >= 0 && keyId <= 255, "key id %s", keyId);
    this.key = secret.derive("context token");
    this.keyId = keyId;
    this.cluster = Bytes.utf8(clusterId).array();
    this.sessions = new SessionToken(secret, keyId, clusterId);
    this.plants = plants;
  }

  /// The tokens of sessions, under another key of the same secret.
  public SessionToken sessions() {
    return sessions;
  }

  /// The token for a client that has seen `context` of `key`.
  public byte[] seal(ObjectKey key, CausalContext context) {
    return seal(key, context, null);
  }

  /// The token for a client that was given the siblings of `record`.
  ///
  /// Where a context does not fit into [#LENGTH_MAX] it is narrowed: the dots of the siblings stay,
  /// then as many actors as there is room for. That is safe. Who claims to have seen less replaces
  /// less, so at worst a value stays as a sibling that could have gone.
  public byte[] seal(ObjectKey key, KeyRecord record) {
    return seal(key, record.context(), record);
  }

  private byte[] seal(ObjectKey key, CausalContext context, @Nullable KeyRecord record) {
    DotSet dots = context.dots();
    if (DotsCodec.sizeMax(dots) > DOTS_MAX) {
      dots = narrowed(dots, record == null ? List.of() : record.dots());
    }
    byte[] token = new byte[HEADER + DotsCodec.size(dots) + MAC];
    token[0] = VERSION;
    token[1] = (byte) keyId;
    DotsCodec.write(dots, token, HEADER);
    SipHash.Tag tag = mac(key, token);
    putLong(token, token.length - MAC, tag.low());
    putLong(token, token.length - 8, tag.high());
    return token;
  }

  private static DotSet narrowed(DotSet dots, List<Dot> siblings) {
    DotSet kept = DotSet.of(siblings.toArray(new Dot[0]));
    int room = DOTS_MAX - DotsCodec.sizeMax(kept);
    for (int i = 0; i < dots.actorCount(); i++) {
      int size = DotsCodec.entrySizeMax(dots, i);
      if (size <= room) {
        room -= size;
        long[] bounds = dots.bounds(i);
        for (int j = 0; j < bounds.length; j += 2) {
          kept = kept.withRange(dots.actor(i), bounds[j], bounds[j + 1]);
        }
      }
    }
    return kept;
  }

  /// The context in `token`, if this cluster gave it out for `key`.
  public TokenReading open(ObjectKey key, byte[] token) {
    if (token.length < HEADER + MAC) {
      return new Refused(Why.TOO_SHORT);
    }
    if (token.length > LENGTH_MAX) {
      return new Refused(Why.TOO_LARGE);
    }
    if (token[0] != VERSION) {
      return new Refused(Why.UNKNOWN_VERSION);
    }
    if ((token[1] & 0xff) != keyId) {
      return new Refused(Why.UNKNOWN_KEY);
    }
    SipHash.Tag tag = mac(key, token);
    long wrong =
        (tag.low() ^ getLong(token, token.length - MAC))
            | (tag.high() ^ getLong(token, token.length - 8));
    if (wrong != 0 && !plants.has(Plant.TOKEN_MAC_UNCHECKED)) {
      return new Refused(Why.WRONG_MAC);
    }
    DotSet dots = DotsCodec.read(token, HEADER, token.length - MAC);
    return dots == null ? new Refused(Why.MALFORMED) : new Opened(new CausalContext(dots));
  }

  /// Over everything in `token` but the MAC itself.
  private SipHash.Tag mac(ObjectKey object, byte[] token) {
    byte[] type = object.bucket().type().array();
    byte[] bucket = object.bucket().name().array();
    byte[] name = object.key().array();
    if (plants.has(Plant.TOKEN_FOR_ANY_KEY)) {
      type = bucket = name = new byte[0];
    }
    int signed = token.length - MAC;
    byte[] all = new byte[8 + cluster.length + type.length + bucket.length + name.length + signed];
    int at = part(all, 0, cluster);
    at = part(all, at, type);
    at = part(all, at, bucket);
    at = part(all, at, name);
    System.arraycopy(token, 0, all, at, signed);
    return key.hash128(all);
  }

  private static int part(byte[] all, int at, byte[] part) {
    all[at] = (byte) (part.length >>> 8);
    all[at + 1] = (byte) part.length;
    System.arraycopy(part, 0, all, at + 2, part.length);
    return at + 2 + part.length;
  }

  private static void putLong(byte[] out, int at, long value) {
    for (int i = 0; i < 8; i++) {
      out[at + i] = (byte) (value >>> (8 * i));
    }
  }

  private static long getLong(byte[] in, int at) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value |= (in[at + i] & 0xffL) << (8 * i);
    }
    return value;
  }
}
