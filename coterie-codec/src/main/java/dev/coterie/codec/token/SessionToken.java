// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.token;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.message.Session;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Seals sessions into tokens and opens them again.
///
/// A token is one byte of format version, one of key id, one of flags (1: groups were forgotten),
/// for each group its policy, partition, length and dots (see [DotsCodec]; numbers are varints),
/// and 16 bytes of SipHash-2-4-128 over cluster id and all before. It is bound to no key: a session
/// goes from key to key. Immutable, safe for all threads.
public final class SessionToken {
  public static final int VERSION = 1;

  /// Of a token, in bytes: some hundred groups. Where a session does not fit, the groups used
  /// longest ago are left out, and the token says so from then on.
  public static final int LENGTH_MAX = 4 * 1024;

  private static final int HEADER = 3;
  private static final int MAC = 16;
  private static final int NUMBERS_MAX = 15;

  private final SipHash key;
  private final int keyId;
  private final byte[] cluster;

  SessionToken(SipHash secret, int keyId, String clusterId) {
    this.key = secret.derive("session token");
    this.keyId = keyId;
    this.cluster = Bytes.utf8(clusterId).array();
  }

  public byte[] seal(Session session) {
    byte[] out = new byte[LENGTH_MAX];
    int at = HEADER;
    boolean forgot = session.forgot();
    for (Session.Seen seen : session.groups()) {
      int size = DotsCodec.size(seen.floor());
      if (at + NUMBERS_MAX + size + MAC > LENGTH_MAX) {
        forgot = true;
        break;
      }
      at = put(out, at, seen.group().policy());
      at = put(out, at, seen.group().partition());
      at = put(out, at, size);
      DotsCodec.write(seen.floor(), out, at);
      at += size;
    }
    out[0] = VERSION;
    out[1] = (byte) keyId;
    out[2] = (byte) (forgot ? 1 : 0);
    byte[] token = Arrays.copyOf(out, at + MAC);
    System.arraycopy(mac(token), 0, token, at, MAC);
    return token;
  }

  /// The session in `token`; null where this cluster did not give it out.
  public @Nullable Session open(byte[] token) {
    if (token.length < HEADER + MAC
        || token.length > LENGTH_MAX
        || token[0] != VERSION
        || (token[1] & 0xff) != keyId) {
      return null;
    }
    byte[] mac = mac(token);
    int wrong = 0;
    for (int i = 0; i < MAC; i++) {
      wrong |= mac[i] ^ token[token.length - MAC + i];
    }
    return wrong == 0 ? read(token) : null;
  }

  private static @Nullable Session read(byte[] token) {
    List<Session.Seen> groups = new ArrayList<>();
    int end = token.length - MAC;
    int[] at = {HEADER};
    while (at[0] < end) {
      int policy = get(token, at, end);
      int partition = get(token, at, end);
      int length = get(token, at, end);
      if (policy < 1 || partition < 0 || length < 0 || length > end - at[0]) {
        return null;
      }
      DotSet dots = DotsCodec.read(token, at[0], at[0] + length);
      if (dots == null) {
        return null;
      }
      at[0] += length;
      groups.add(new Session.Seen(new GroupId(policy, partition), dots));
    }
    return new Session(true, token[2] == 1, groups);
  }

  /// @return the place behind it
  private static int put(byte[] out, int from, int value) {
    int at = from;
    int rest = value;
    while (rest > 0x7f) {
      out[at++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out[at++] = (byte) rest;
    return at;
  }

  /// The number at `at[0]`, which moves on; -1 where there is none.
  private static int get(byte[] token, int[] at, int end) {
    int value = 0;
    for (int shift = 0; shift < 28 && at[0] < end; shift += 7) {
      byte next = token[at[0]++];
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    return -1;
  }

  private byte[] mac(byte[] token) {
    int signed = token.length - MAC;
    byte[] all = Arrays.copyOf(cluster, cluster.length + 1 + signed);
    System.arraycopy(token, 0, all, cluster.length + 1, signed);
    SipHash.Tag tag = key.hash128(all);
    byte[] mac = new byte[MAC];
    for (int i = 0; i < 8; i++) {
      mac[i] = (byte) (tag.low() >>> (8 * i));
      mac[8 + i] = (byte) (tag.high() >>> (8 * i));
    }
    return mac;
  }
}
