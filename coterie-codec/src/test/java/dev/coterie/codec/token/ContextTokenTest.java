// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.codec.token.TokenReading.Opened;
import dev.coterie.codec.token.TokenReading.Refused;
import dev.coterie.codec.token.TokenReading.Why;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// FAULTS F11: a context from elsewhere is refused by name, never merged.
class ContextTokenTest {
  private static final SipHash SECRET = new SipHash(1, 2);
  private static final ContextToken TOKENS = new ContextToken(SECRET, 0, "c1");
  private static final ObjectKey KEY = key("carts", "alice");

  @Test
  void givenTokensNeverChangeTheirForm() {
    DotSet dots =
        DotSet.of(new Dot(actor("n1", 1, 7, 0), 3), new Dot(actor("n1", 2, 8, 1), 300))
            .withRange(actor("n2", 1, -1, 0), 5, 6);
    assertThat(HexFormat.of().formatHex(TOKENS.seal(KEY, new CausalContext(dots))))
        .isEqualTo(
            "0100"
                + "026e31"
                + "01"
                + "0700000000000000"
                + "00"
                + "010300"
                + "00"
                + "02"
                + "0800000000000000"
                + "01"
                + "01ac0200"
                + "026e32"
                + "01"
                + "ffffffffffffffff"
                + "00"
                + "010501"
                + "f797299ad2563abf4c57702e6e01f7dc");
  }

  @Test
  void whatWasSealedOpens() {
    Prng prng = new Prng(21);
    for (int i = 0; i < 3_000; i++) {
      ObjectKey key = drawnKey(prng);
      CausalContext context = drawnContext(prng, 12);
      byte[] token = TOKENS.seal(key, context);
      assertThat(TOKENS.open(key, token)).isEqualTo(new Opened(context));
    }
  }

  @Test
  void everyFlippedBitIsRefused() {
    Prng prng = new Prng(22);
    for (int i = 0; i < 40; i++) {
      ObjectKey key = drawnKey(prng);
      byte[] token = TOKENS.seal(key, drawnContext(prng, 5));
      for (int bit = 0; bit < token.length * 8; bit++) {
        byte[] flipped = token.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThat(TOKENS.open(key, flipped)).as("bit %s", bit).isInstanceOf(Refused.class);
      }
    }
  }

  @Test
  void everyTruncationAndExtensionIsRefused() {
    byte[] token = TOKENS.seal(KEY, drawnContext(new Prng(23), 5));
    for (int length = 0; length < token.length; length++) {
      assertThat(TOKENS.open(KEY, Arrays.copyOf(token, length))).isInstanceOf(Refused.class);
    }
    assertThat(TOKENS.open(KEY, Arrays.copyOf(token, token.length + 1)))
        .isEqualTo(new Refused(Why.WRONG_MAC));
  }

  @Test
  void aTokenOpensOnlyWhereItWasGiven() {
    byte[] token = TOKENS.seal(KEY, drawnContext(new Prng(24), 3));
    assertThat(TOKENS.open(key("carts", "bob"), token)).isEqualTo(new Refused(Why.WRONG_MAC));
    assertThat(TOKENS.open(key("cart", "salice"), token)).isEqualTo(new Refused(Why.WRONG_MAC));
    assertThat(TOKENS.open(key("carte", "alice"), token))
        .as("another bucket, its name as long")
        .isEqualTo(new Refused(Why.WRONG_MAC));
    assertThat(TOKENS.open(key("carts", "alicf"), token)).isEqualTo(new Refused(Why.WRONG_MAC));
    ObjectKey otherType =
        new ObjectKey(new BucketId(Bytes.utf8("maps"), Bytes.utf8("carts")), Bytes.utf8("alice"));
    assertThat(TOKENS.open(otherType, token)).isEqualTo(new Refused(Why.WRONG_MAC));
    assertThat(new ContextToken(SECRET, 0, "c2").open(KEY, token))
        .isEqualTo(new Refused(Why.WRONG_MAC));
    assertThat(new ContextToken(new SipHash(1, 3), 0, "c1").open(KEY, token))
        .isEqualTo(new Refused(Why.WRONG_MAC));
    assertThat(new ContextToken(SECRET, 1, "c1").open(KEY, token))
        .isEqualTo(new Refused(Why.UNKNOWN_KEY));
  }

  @Test
  void refusalsHaveNames() {
    byte[] token = TOKENS.seal(KEY, CausalContext.EMPTY);
    assertThat(token).hasSize(18);
    assertThat(TOKENS.open(KEY, new byte[17])).isEqualTo(new Refused(Why.TOO_SHORT));
    assertThat(TOKENS.open(KEY, new byte[ContextToken.LENGTH_MAX + 1]))
        .isEqualTo(new Refused(Why.TOO_LARGE));
    token[0] = 9;
    assertThat(TOKENS.open(KEY, token)).isEqualTo(new Refused(Why.UNKNOWN_VERSION));
  }

  @Test
  void aTypicalContextIsSmall() {
    DotSet dots = DotSet.EMPTY;
    for (int node = 1; node <= 3; node++) {
      dots = dots.withRange(actor("n" + node, 4, node * 0x1234567L, 0), 1, 100_000);
    }
    assertThat(TOKENS.seal(KEY, new CausalContext(dots))).hasSizeLessThan(80);
    Prng prng = new Prng(25);
    for (int i = 0; i < 120; i++) {
      dots = dots.withRange(actor("n" + prng.between(1, 9), i + 5, prng.nextLong(), 0), 7, 9_000);
    }
    assertThat(TOKENS.seal(KEY, new CausalContext(dots)).length * 4 / 3).isLessThan(4096);
  }

  @Test
  void tooLargeAContextIsNarrowedAndKeepsTheSiblings() {
    DotSet dots = DotSet.EMPTY;
    List<Sibling> siblings = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      ActorId actor = actor("node-" + (10_000 + i), 1, i, 0);
      dots = dots.withRange(actor, 1, 9);
      if (i % 400 == 399) {
        siblings.add(new Sibling(new Dot(actor, 4), Bytes.EMPTY, 0, 0, Bytes.EMPTY));
      }
    }
    CausalContext context = new CausalContext(dots);
    byte[] token = TOKENS.seal(KEY, new KeyRecord(siblings, context));
    assertThat(token.length).isBetween(ContextToken.LENGTH_MAX - 100, ContextToken.LENGTH_MAX);
    CausalContext opened = ((Opened) TOKENS.open(KEY, token)).context();
    assertThat(context.containsAll(opened)).isTrue();
    for (Sibling sibling : siblings) {
      assertThat(opened.contains(sibling.dot())).isTrue();
    }
  }

  @Test
  void dotsHaveOneEncoding() {
    Prng prng = new Prng(26);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[prng.nextInt(50)];
      prng.nextBytes(noise);
      if (noise.length > 3) {
        noise[0] = 1;
        noise[1] = 'a';
      }
      if (prng.nextBoolean()) {
        noise = encoded(drawnContext(prng, 2).dots());
        if (noise.length > 0) {
          noise[prng.nextInt(noise.length)] ^= (byte) (1 << prng.nextInt(8));
        }
      }
      DotSet read = DotsCodec.read(noise, 0, noise.length);
      if (read != null) {
        assertThat(encoded(read)).isEqualTo(noise);
      }
    }
  }

  private static byte[] encoded(DotSet dots) {
    byte[] out = new byte[DotsCodec.size(dots)];
    DotsCodec.write(dots, out, 0);
    return out;
  }

  private static ActorId actor(String node, long boot, long nonce, int serial) {
    return new ActorId(new NodeId(node), boot, nonce, serial);
  }

  private static ObjectKey key(String bucket, String key) {
    return new ObjectKey(BucketId.untyped(Bytes.utf8(bucket)), Bytes.utf8(key));
  }

  private static ObjectKey drawnKey(Prng prng) {
    byte[] bucket = new byte[1 + prng.nextInt(BucketId.LENGTH_MAX)];
    byte[] key = new byte[1 + prng.nextInt(ObjectKey.LENGTH_MAX)];
    prng.nextBytes(bucket);
    prng.nextBytes(key);
    return new ObjectKey(BucketId.untyped(Bytes.of(bucket)), Bytes.of(key));
  }

  private static CausalContext drawnContext(Prng prng, int actorsMax) {
    DotSet dots = DotSet.EMPTY;
    for (int i = prng.nextInt(actorsMax + 1); i > 0; i--) {
      ActorId actor =
          actor(
              "n" + prng.between(1, 5),
              prng.between(1, 1L << prng.nextInt(40)),
              prng.nextLong(),
              prng.nextInt(3));
      for (int j = 1 + prng.nextInt(4); j > 0; j--) {
        long low = prng.between(1, 1L << prng.nextInt(61));
        dots = dots.withRange(actor, low, low + prng.nextInt(50));
      }
    }
    return new CausalContext(dots);
  }
}
