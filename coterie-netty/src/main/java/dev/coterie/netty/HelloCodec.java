// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireReader;
import dev.coterie.codec.wire.WireWriter;
import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerRefusal;

/// The payloads of hello and refusal <-> bytes. A hello begins with four fixed bytes and the number
/// of its format; both then hold tagged fields, of which unknown ones are skipped, so that a later
/// release can say more.
final class HelloCodec {
  /// The largest frame, header included, that is read before both hellos were accepted.
  static final int BYTES_MAX = 4096;

  /// Characters of a refusal's sentence.
  static final int SENTENCE_MAX = 600;

  private static final int MAGIC = 0x43_54_52_50;
  private static final int FORMAT = 1;
  private static final int PROLOGUE = 5;

  /// A hello on its way.
  ///
  /// @param hello who speaks
  /// @param intended whom the sender means to talk with
  /// @param frameBytesMax the largest frame that the sender takes
  record Greeting(PeerHello hello, NodeId intended, int frameBytesMax) {}

  /// A refusal on its way.
  record Refusal(PeerRefusal.Kind kind, String sentence, long knownBoot) {}

  private HelloCodec() {}

  static byte[] encode(Greeting greeting) {
    PeerHello hello = greeting.hello();
    WireWriter out = new WireWriter(256);
    out.rawInt(MAGIC);
    out.rawByte(FORMAT);
    out.text(1, hello.cluster());
    out.text(2, hello.node().name());
    out.text(3, greeting.intended().name());
    out.number(4, hello.boot());
    out.fixed(5, hello.nonce());
    out.number(6, hello.protocolMin());
    out.number(7, hello.protocolMax());
    out.number(8, hello.placementEpoch());
    out.fixed(9, hello.placementFingerprint());
    out.number(10, greeting.frameBytesMax());
    out.number(11, hello.openedAt());
    out.number(12, hello.lostAt());
    out.fixed(13, hello.storeId());
    return out.toArray();
  }

  static Greeting greeting(byte[] payload) throws DecodeException {
    checkPrologue(payload);
    WireReader in = new WireReader(payload, PROLOGUE, payload.length);
    String cluster = "";
    String node = "";
    String intended = "";
    long boot = 0;
    long nonce = 0;
    int protocolMin = 0;
    int protocolMax = 0;
    long placementEpoch = 0;
    long placementFingerprint = 0;
    int frameBytesMax = 0;
    long openedAt = 0;
    long lostAt = 0;
    long storeId = 0;
    while (in.next()) {
      switch (in.field()) {
        // A character takes up to three bytes (four for two of them).
        case 1 -> cluster = in.text(3 * PeerHello.CLUSTER_LENGTH_MAX);
        case 2 -> node = in.text(NodeId.LENGTH_MAX);
        case 3 -> intended = in.text(NodeId.LENGTH_MAX);
        case 4 -> boot = in.number();
        case 5 -> nonce = in.fixed();
        case 6 -> protocolMin = in.smallNumber(Integer.MAX_VALUE);
        case 7 -> protocolMax = in.smallNumber(Integer.MAX_VALUE);
        case 8 -> placementEpoch = in.number();
        case 9 -> placementFingerprint = in.fixed();
        case 10 -> frameBytesMax = in.smallNumber(Integer.MAX_VALUE);
        case 11 -> openedAt = in.number();
        case 12 -> lostAt = in.number();
        case 13 -> storeId = in.fixed();
        default -> in.skip();
      }
    }
    if (!NodeId.valid(node) || !NodeId.valid(intended)) {
      throw new DecodeException("a hello without the names of both nodes");
    }
    if (frameBytesMax < BYTES_MAX) {
      throw new DecodeException("a hello that takes no frames: " + frameBytesMax);
    }
    try {
      PeerHello hello =
          new PeerHello(
              cluster,
              new NodeId(node),
              boot,
              nonce,
              storeId,
              protocolMin,
              protocolMax,
              openedAt,
              lostAt,
              placementEpoch,
              placementFingerprint);
      return new Greeting(hello, new NodeId(intended), frameBytesMax);
    } catch (IllegalArgumentException impossible) {
      throw new DecodeException("an impossible hello: " + impossible.getMessage());
    }
  }

  private static void checkPrologue(byte[] payload) throws DecodeException {
    if (payload.length < PROLOGUE) {
      throw new DecodeException("a hello of " + payload.length + " bytes");
    }
    int magic = 0;
    for (int i = 0; i < 4; i++) {
      magic = (magic << 8) | (payload[i] & 0xff);
    }
    if (magic != MAGIC) {
      throw new DecodeException("no node of this kind: it began with " + magic);
    }
    if (payload[4] != FORMAT) {
      throw new DecodeException("a hello of format " + payload[4] + ", only 1 is known");
    }
  }

  static byte[] encode(Refusal refusal) {
    WireWriter out = new WireWriter(256);
    out.number(1, refusal.kind().number());
    String sentence = refusal.sentence();
    out.text(2, sentence.substring(0, Math.min(sentence.length(), SENTENCE_MAX)));
    out.number(3, refusal.knownBoot());
    return out.toArray();
  }

  static Refusal refusal(byte[] payload) throws DecodeException {
    WireReader in = new WireReader(payload);
    int kind = 0;
    String sentence = "";
    long knownBoot = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> kind = in.smallNumber(Integer.MAX_VALUE);
        case 2 -> sentence = in.text(3 * SENTENCE_MAX);
        case 3 -> knownBoot = in.number();
        default -> in.skip();
      }
    }
    return new Refusal(PeerRefusal.Kind.of(kind), printable(sentence), knownBoot);
  }

  /// What another node wrote, fit for a log: nothing that moves the cursor or ends a line.
  static String printable(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      clean.append(c >= ' ' && c != 0x7f && c < 0x80 ? c : '?');
    }
    return clean.toString();
  }
}
