// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/// One copy of the identity as bytes: lines that a person can read, the last one a CRC32C of all
/// before it, then blanks up to [#LENGTH]. Every copy has the same length, so that writing over an
/// old one changes one sector and no file size.
///
/// ```
/// format=1
/// generation=7
/// cluster=shop
/// node=n1
/// store=92d68ca2f1bb4a10
/// boot=3
/// watermark=1812
/// clean=no
/// rebuilding=no
/// lost=1
/// crc32c=5d1e40aa
/// ```
///
/// `format` stays the first line and `crc32c` the last in every later format.
final class IdentityText {
  static final int LENGTH = 512;

  private IdentityText() {}

  sealed interface Decoded {
    /// @param generation grows with every save; the higher of two copies is the newer
    record Whole(long generation, Identity identity) implements Decoded {}

    record Newer(long format) implements Decoded {}

    record Damaged(String reason) implements Decoded {}
  }

  static byte[] encode(long generation, Identity identity) {
    String body =
        Lines.line("format", Identity.FORMAT)
            + Lines.line("generation", generation)
            + Lines.line("cluster", identity.clusterId())
            + Lines.line("node", identity.node())
            + Lines.line("store", Lines.hex(identity.storeId()))
            + Lines.line("boot", identity.boot())
            + Lines.line("watermark", identity.watermark())
            + Lines.line("clean", Lines.yesNo(identity.cleanStop()))
            + Lines.line("rebuilding", Lines.yesNo(identity.rebuilding()))
            + Lines.line("lost", identity.lostAt());
    byte[] text = (body + Lines.line("crc32c", Lines.sum(body))).getBytes(US_ASCII);
    byte[] copy = new byte[LENGTH];
    Arrays.fill(copy, (byte) ' ');
    System.arraycopy(text, 0, copy, 0, text.length);
    copy[LENGTH - 1] = '\n';
    return copy;
  }

  static Decoded decode(byte[] copy) {
    String text = new String(copy, US_ASCII);
    int last = text.lastIndexOf("\ncrc32c=");
    if (last < 0) {
      return new Decoded.Damaged("it has no checksum");
    }
    String body = text.substring(0, last + 1);
    try {
      if (!text.substring(last + 1).strip().equals("crc32c=" + Lines.sum(body))) {
        return new Decoded.Damaged("its checksum does not fit");
      }
      Lines lines = Lines.parse(body);
      long format = lines.number("format");
      if (format > Identity.FORMAT) {
        return new Decoded.Newer(format);
      }
      return new Decoded.Whole(
          lines.number("generation"),
          new Identity(
              lines.clusterId("cluster"),
              lines.node("node"),
              lines.bits("store"),
              lines.number("boot"),
              lines.number("watermark"),
              lines.truth("clean"),
              lines.truth("rebuilding"),
              lines.number("lost")));
    } catch (Lines.Malformed e) {
      return new Decoded.Damaged(String.valueOf(e.getMessage()));
    }
  }
}
