// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.antientropy;

import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.TreeEntry;
import dev.coterie.core.message.TreeSum;
import dev.coterie.core.ring.GroupId;
import java.nio.charset.StandardCharsets;

/// How the live values of one group are hashed, and into which leaf each goes: equal on all owners,
/// secret to everybody else.
///
/// @param treeKey the group's own key
/// @param ringKey key of the hash that places keys on the ring
/// @param ringBits how many leading bits of that hash name the partition; the next 8 name the leaf
public record TreeHash(SipHash treeKey, SipHash ringKey, int ringBits) {
  private static final long HOUR_MILLIS = 3_600_000L;

  /// @param valueHashKey the key of the cluster from which the group's is derived
  public static TreeHash of(SipHash valueHashKey, GroupId group, SipHash ringKey, int ringBits) {
    return new TreeHash(valueHashKey.derive("tree " + group), ringKey, ringBits);
  }

  /// Names the key without telling it: owners with another one are not compared.
  public long keyCheck() {
    return treeKey.derive("check").k0();
  }

  public long hash(ObjectKey key) {
    return key.hash(ringKey);
  }

  /// @param keyHash [#hash] of the key
  public int leafOf(long keyHash) {
    return (int) (keyHash << ringBits >>> (Long.SIZE - 8));
  }

  /// Which tree holds a value that expires then.
  public static long hourOf(long expiryMillis) {
    return expiryMillis / HOUR_MILLIS;
  }

  /// Of which hours all values have expired before `goneMillis`: of those before this one. Hour 0
  /// is of values that stay.
  public static long firstLeft(long goneMillis) {
    return Math.max(0, goneMillis / HOUR_MILLIS);
  }

  public static TreeEntry entry(ObjectKey key, Sibling sibling) {
    return new TreeEntry(key, sibling.dot(), sibling.valueHash(), sibling.expiryMillis());
  }

  /// The sum of this value alone. Canonical: every part has its length or a fixed size in front,
  /// and nothing depends on how a record is encoded or in which order it holds its values (F38).
  public TreeSum unit(TreeEntry entry) {
    byte[] type = entry.key().bucket().type().array();
    byte[] bucket = entry.key().bucket().name().array();
    byte[] key = entry.key().key().array();
    ActorId actor = entry.dot().actor();
    byte[] node = actor.node().name().getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[16 + type.length + bucket.length + key.length + node.length + 44];
    int at = 0;
    for (byte[] part : new byte[][] {type, bucket, key, node}) {
      at = put(all, at, part.length, 4);
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    at = put(all, at, actor.boot(), 8);
    at = put(all, at, actor.nonce(), 8);
    at = put(all, at, actor.serial(), 4);
    at = put(all, at, entry.dot().counter(), 8);
    at = put(all, at, entry.valueHash(), 8);
    put(all, at, entry.expiryMillis(), 8);
    SipHash.Tag tag = treeKey.hash128(all);
    return new TreeSum(tag.low(), tag.high(), 1);
  }

  private static int put(byte[] out, int at, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out[at + i] = (byte) (value >>> (8 * (bytes - 1 - i)));
    }
    return at + bytes;
  }
}
