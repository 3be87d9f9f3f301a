// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.codec.content.ContentHead.UserMeta;
import dev.coterie.codec.content.Decoded.Malformed;
import dev.coterie.codec.content.Decoded.Problem;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The encoding of stored content: fixed by a golden form, exact both ways, and deaf to damage.
class ObjectContentTest {
  private static final ContentHead HEAD =
      new ContentHead(
          "text/plain",
          "gzip",
          "utf-8",
          List.of(new UserMeta("Colour", "blå")),
          1_700_000_000_000L);

  @Test
  void storedBytesNeverChangeTheirForm() {
    String golden =
        "0a0a746578742f706c61696e"
            + "1204677a6970"
            + "1a057574662d38"
            + "220d0a06436f6c6f75721203626ce5"
            + "2880d095ffbc31"
            + "7a03010203";
    ObjectContent content = ObjectContent.of(HEAD, Bytes.of(new byte[] {1, 2, 3}));
    assertThat(HexFormat.of().formatHex(content.encoded().array())).isEqualTo(golden);
    assertThat(decoded(Bytes.of(HexFormat.of().parseHex(golden))).head()).isEqualTo(HEAD);
  }

  @Test
  void anEmptyHeadTakesTwoBytes() {
    assertThat(ObjectContent.of(ContentHead.of("", 0), Bytes.EMPTY).encoded())
        .isEqualTo(Bytes.of(new byte[] {0x7a, 0}));
  }

  @Test
  void whatWasDrawnComesBack() {
    Prng prng = new Prng(11);
    for (int i = 0; i < 2_000; i++) {
      ContentHead head = drawnHead(prng);
      byte[] value = new byte[prng.nextInt(300)];
      prng.nextBytes(value);
      ObjectContent content = ObjectContent.of(head, Bytes.of(value));
      ObjectContent back = decoded(content.encoded());
      assertThat(back.head()).isEqualTo(head);
      assertThat(back.value()).isEqualTo(Bytes.of(value));
      assertThat(back).isEqualTo(content);
      assertThat((long) back.valueFrom()).isLessThanOrEqualTo(ObjectContent.prefixBytesMax(head));
    }
  }

  @Test
  void everyTruncationIsNamed() {
    byte[] whole = ObjectContent.of(HEAD, Bytes.utf8("a value")).encoded().array();
    for (int length = 0; length < whole.length; length++) {
      assertThat(ObjectContent.decode(Bytes.of(Arrays.copyOf(whole, length))))
          .as("cut at %s", length)
          .isInstanceOf(Malformed.class);
    }
  }

  @Test
  void flippedBitsGiveAProblemOrContentThatEncodesToTheSameBytes() {
    Prng prng = new Prng(12);
    for (int i = 0; i < 200; i++) {
      byte[] value = new byte[prng.nextInt(40)];
      prng.nextBytes(value);
      byte[] whole = ObjectContent.of(drawnHead(prng), Bytes.of(value)).encoded().array();
      for (int bit = 0; bit < whole.length * 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        sane(flipped);
      }
    }
  }

  @Test
  void noiseIsAnswered() {
    Prng prng = new Prng(13);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[prng.nextInt(60)];
      prng.nextBytes(noise);
      sane(noise);
    }
  }

  private static void sane(byte[] bytes) {
    switch (ObjectContent.decode(Bytes.of(bytes))) {
      case Malformed(Problem problem, int at) ->
          assertThat(at).as("%s", problem).isBetween(0, bytes.length);
      case ObjectContent content -> {
        assertThat(content.encoded().array()).isEqualTo(bytes);
        assertThat(content.valueFrom() + content.valueLength()).isEqualTo(bytes.length);
      }
    }
  }

  @Test
  void fieldsOfALaterVersionAreSkippedAndKept() {
    byte[] later = HexFormat.of().parseHex("30051a057574662d387a0101");
    assertThat(decoded(Bytes.of(later)).head().charset()).isEqualTo("utf-8");
    byte[] fixed =
        HexFormat.of().parseHex("310102030405060708" + "3501020304" + "3a0161" + "7a0101");
    assertThat(decoded(Bytes.of(fixed)).value()).isEqualTo(Bytes.of(new byte[] {1}));
  }

  @Test
  void problemsHaveNames() {
    assertThat(problem("")).isEqualTo(Problem.NO_VALUE);
    assertThat(problem("0a01")).isEqualTo(Problem.TRUNCATED);
    assertThat(problem("7a0101" + "0a0161")).isEqualTo(Problem.OUT_OF_ORDER);
    assertThat(problem("0a0161" + "0a0161" + "7a00")).isEqualTo(Problem.OUT_OF_ORDER);
    assertThat(problem("00")).isEqualTo(Problem.BAD_TAG);
    assertThat(problem("0b")).isEqualTo(Problem.BAD_TAG);
    assertThat(problem("0801" + "7a00")).isEqualTo(Problem.BAD_TAG);
    assertThat(problem("2880007a00")).isEqualTo(Problem.BAD_NUMBER);
    assertThat(problem("28ffffffffffffffffff017a00")).isEqualTo(Problem.BAD_NUMBER);
    assertThat(problem("2200".repeat(ContentHead.USER_META_MAX + 1) + "7a00"))
        .isEqualTo(Problem.TOO_LARGE);
    assertThat(problem("0a80800461" + "61".repeat(65535) + "7a00")).isEqualTo(Problem.TOO_LARGE);
  }

  private static Problem problem(String hex) {
    Decoded decoded = ObjectContent.decode(Bytes.of(HexFormat.of().parseHex(hex)));
    assertThat(decoded).isInstanceOf(Malformed.class);
    return ((Malformed) decoded).problem();
  }

  private static ObjectContent decoded(Bytes bytes) {
    return (ObjectContent) ObjectContent.decode(bytes);
  }

  private static ContentHead drawnHead(Prng prng) {
    List<UserMeta> meta = new ArrayList<>();
    for (int i = prng.nextInt(4); i > 0; i--) {
      meta.add(new UserMeta(text(prng, 20), text(prng, 200)));
    }
    long when = prng.nextBoolean() ? 0 : prng.nextLong() >>> prng.between(1, 60);
    return new ContentHead(text(prng, 30), text(prng, 8), text(prng, 8), meta, when);
  }

  private static String text(Prng prng, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = prng.nextInt(most + 1); i > 0; i--) {
      text.append((char) prng.nextInt(256));
    }
    return text.toString();
  }
}
