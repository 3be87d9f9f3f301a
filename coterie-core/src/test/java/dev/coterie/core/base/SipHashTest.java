// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.ring.Ring;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The keyed hash is the published one, and with it nobody can choose where keys lie (FAULTS F39).
class SipHashTest {
  private static final byte[] INPUT = new byte[64];

  static {
    for (int i = 0; i < INPUT.length; i++) {
      INPUT[i] = (byte) i;
    }
  }

  private static final SipHash HASH = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  private static String hex(long... words) {
    ByteBuffer out = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long word : words) {
      out.putLong(word);
    }
    return HexFormat.of().formatHex(out.array());
  }

  /// Vectors of its authors' reference implementation: key 00 01 .. 0f, input 00 01 .. of a length.
  @Test
  void theVectorsOfItsAuthors() {
    assertThat(hex(HASH.hash(INPUT, 0, 0))).isEqualTo("310e0edd47db6f72");
    assertThat(hex(HASH.hash(INPUT, 0, 1))).isEqualTo("fd67dc93c539f874");
    assertThat(hex(HASH.hash(INPUT, 0, 7))).isEqualTo("37d1018bf50002ab");
    assertThat(hex(HASH.hash(INPUT, 0, 8))).isEqualTo("6224939a79f5f593");
    assertThat(hex(HASH.hash(INPUT, 0, 15))).isEqualTo("e545be4961ca29a1");
    assertThat(hex(HASH.hash(INPUT, 0, 63))).isEqualTo("724506eb4c328a95");
    String[] wide = {
      "a3817f04ba25a8e66df67214c7550293",
      "da87c1d86b99af44347659119b22fc45",
      "a1f1ebbed8dbc153c0b84aa61ff08239",
      "3b62a9ba6258f5610f83e264f31497b4",
      "5493e99933b0a8117e08ec0f97cfc3d9",
      "5150d1772f50834a503e069a973fbd7c"
    };
    int[] lengths = {0, 1, 7, 8, 15, 63};
    for (int i = 0; i < lengths.length; i++) {
      SipHash.Tag tag = HASH.hash128(Arrays.copyOf(INPUT, lengths[i]));
      assertThat(hex(tag.low(), tag.high())).isEqualTo(wide[i]);
    }
  }

  @Test
  void aPartOfAnArrayIsHashedLikeACopyOfIt() {
    for (int from = 0; from < 20; from++) {
      for (int length = 0; length < 40; length++) {
        assertThat(HASH.hash(INPUT, from, length))
            .isEqualTo(HASH.hash(Arrays.copyOfRange(INPUT, from, from + length)));
      }
    }
  }

  /// Keys that somebody has chosen so that all fall into one partition under the secret of a
  /// cluster that they know are spread by another secret, as any keys are.
  @Test
  void keysCraftedForOneSecretAreSpreadByAnother() {
    Ring ring = new Ring(64);
    SipHash known = SipHash.ofSecret(INPUT).derive("ring");
    SipHash other = SipHash.ofSecret(Arrays.copyOf(INPUT, 32)).derive("ring");
    List<ObjectKey> crafted = new ArrayList<>();
    for (int i = 0; crafted.size() < 1_600; i++) {
      ObjectKey key = new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("key" + i));
      if (ring.partitionOf(key.hash(known)) == 7) {
        crafted.add(key);
      }
    }
    int[] counts = new int[64];
    for (ObjectKey key : crafted) {
      counts[ring.partitionOf(key.hash(other))]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(5, 60);
    }
  }

  /// `a/bc` and `ab/c` are different keys.
  @Test
  void theBoundaryBetweenBucketAndKeyIsHashed() {
    ObjectKey one = new ObjectKey(BucketId.untyped(Bytes.utf8("a")), Bytes.utf8("bc"));
    ObjectKey two = new ObjectKey(BucketId.untyped(Bytes.utf8("ab")), Bytes.utf8("c"));
    assertThat(one.hash(HASH)).isNotEqualTo(two.hash(HASH));
  }
}
