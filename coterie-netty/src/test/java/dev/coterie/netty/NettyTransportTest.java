// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerMemory;
import dev.coterie.host.transport.PeerRefusal;
import dev.coterie.host.transport.Transport;
import io.netty.channel.EventLoopGroup;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a real peer never does: rubbish, lies about lengths, silence, slowness. The other end is a
/// plain socket here.
class NettyTransportTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final NettyTiming TIMING = new NettyTiming(500, 400, 100, 600, 10, 50);
  private static final int FRAME_MAX = 64 << 10;

  private EventLoopGroup loops;
  private ServerSocket peer;
  private NettyTransport transport;
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  private final Transport.Receiver receiver =
      new Transport.Receiver() {
        @Override
        public void delivered(NodeId from, Bytes message) {
          told.add(message.toString());
        }

        @Override
        public void peerUp(PeerHello hello) {
          told.add("up");
        }

        @Override
        public void peerDown(NodeId node) {
          told.add("down");
        }

        @Override
        public void peerRefused(PeerRefusal refusal) {
          told.add("refused " + refusal.kind());
        }

        @Override
        public void reported(NodeId from, Bytes report) {
          told.add("report of " + from + " " + report);
        }
      };

  private static PeerHello hello(NodeId node) {
    return new PeerHello("shop", node, 1, 1, 77, 1, 1, 0, 1, 1, 99);
  }

  @BeforeEach
  void begin() throws IOException {
    loops = NettyLoops.open("test", 1);
    peer = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    transport =
        NettyTransport.open(
            new NettyOptions(
                () -> hello(N1),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new java.util.TreeMap<>(
                    Map.of(
                        N2,
                        new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), peer.getLocalPort()))),
                PeerMemory.EMPTY,
                new NettyLimits(FRAME_MAX, FRAME_MAX, 100, 4),
                TIMING),
            loops,
            receiver);
  }

  @AfterEach
  void end() throws IOException {
    transport.close();
    peer.close();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void await(String what, BooleanSupplier holds) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!holds.getAsBoolean() && System.nanoTime() < until) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(holds.getAsBoolean()).as("%s: %s %s", what, transport.counts(), told).isTrue();
  }

  private long breaks(Break reason) {
    Long count = transport.counts().breaks().get(reason);
    return count == null ? 0 : count;
  }

  private Socket dial() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), transport.address().getPort());
  }

  private static byte[] frame(int kind, byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(kind);
    crc.update(payload);
    return ByteBuffer.allocate(9 + payload.length)
        .putInt(5 + payload.length)
        .putInt((int) crc.getValue())
        .put((byte) kind)
        .put(payload)
        .array();
  }

  private static byte[] helloFrame() {
    return frame(
        FrameKind.HELLO, HelloCodec.encode(new HelloCodec.Greeting(hello(N2), N1, FRAME_MAX)));
  }

  /// A socket that has been accepted as n2.
  private Socket dialAsPeer() throws IOException {
    Socket socket = dial();
    socket.getOutputStream().write(helloFrame());
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] answer = new byte[in.readInt()];
    in.readFully(answer);
    assertThat(answer[4]).isEqualTo((byte) FrameKind.HELLO);
    return socket;
  }

  @Test
  void rubbishInPlaceOfAHelloEndsTheConnection() throws Exception {
    try (Socket socket = dial()) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    await("counted", () -> breaks(Break.LENGTH) == 1);
    assertThat(told).isEmpty();
  }

  @Test
  void aHelloThatIsNoneEndsTheConnection() throws Exception {
    try (Socket socket = dial()) {
      socket.getOutputStream().write(frame(FrameKind.HELLO, new byte[] {1, 2, 3}));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    await("counted", () -> breaks(Break.HELLO_DAMAGED) == 1);
  }

  @Test
  void aMessageBeforeTheHelloEndsTheConnection() throws Exception {
    try (Socket socket = dial()) {
      socket.getOutputStream().write(frame(FrameKind.DATA, new byte[] {1}));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    await("counted", () -> breaks(Break.OUT_OF_PLACE) == 1);
    assertThat(told).isEmpty();
  }

  @Test
  void aStrangerThatSaysNothingIsNotWaitedFor() throws Exception {
    try (Socket socket = dial()) {
      socket.setSoTimeout(10_000);
      assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(1_000);
    }
    await("counted", () -> breaks(Break.HELLO_TIMEOUT) >= 1);
  }

  @Test
  void moreStrangersThanAllowedAreClosed() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        strangers.add(dial());
      }
      await("counted", () -> breaks(Break.CROWDED) >= 4);
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  void aWrongChecksumEndsTheConnectionAndDeliversNothing() throws Exception {
    try (Socket socket = dialAsPeer()) {
      byte[] bad = frame(FrameKind.DATA, new byte[] {1, 2, 3});
      bad[bad.length - 1] ^= 1;
      socket.getOutputStream().write(bad);
      await("counted", () -> breaks(Break.CHECKSUM) == 1);
    }
    assertThat(told).noneMatch(line -> line.contains("01"));
  }

  /// The length is judged before anything is allocated for it.
  @Test
  void aLengthBeyondTheLimitEndsTheConnection() throws Exception {
    try (Socket socket = dialAsPeer()) {
      socket.getOutputStream().write(ByteBuffer.allocate(4).putInt(FRAME_MAX + 1).array());
      await("counted", () -> breaks(Break.LENGTH) == 1);
    }
    try (Socket socket = dialAsPeer()) {
      socket.getOutputStream().write(ByteBuffer.allocate(4).putInt(-1).array());
      await("counted", () -> breaks(Break.LENGTH) == 2);
    }
  }

  @Test
  void aFrameOfAnUnknownKindIsSkipped() throws Exception {
    try (Socket socket = dialAsPeer()) {
      OutputStream out = socket.getOutputStream();
      out.write(frame(77, new byte[] {9, 9, 9}));
      out.write(frame(FrameKind.DATA, new byte[] {5}));
      await("the message behind it", () -> told.contains(Bytes.of(new byte[] {5}).toString()));
    }
    assertThat(transport.counts().unknownFrames()).isEqualTo(1);
  }

  @Test
  void whatIsForPeopleIsHandedOnOncePeersKnowEachOther() throws Exception {
    try (Socket socket = dialAsPeer()) {
      socket.getOutputStream().write(frame(FrameKind.REPORT, new byte[] {7}));
      await("handed on", () -> told.contains("report of " + N2 + " " + Bytes.of(new byte[] {7})));
    }
    try (Socket stranger = dial()) {
      stranger.getOutputStream().write(frame(FrameKind.REPORT, new byte[] {8}));
      assertThat(stranger.getInputStream().read()).isEqualTo(-1);
    }
    await("counted", () -> breaks(Break.OUT_OF_PLACE) == 1);
    assertThat(told).noneMatch(line -> line.contains(Bytes.of(new byte[] {8}).toString()));
  }

  @Test
  void whatIsForPeopleLeavesWhereAConnectionIsUp() throws Exception {
    assertThat(transport.report(N2, Bytes.of(new byte[] {7}))).isFalse();
    try (Socket accepted = peer.accept()) {
      DataInputStream in = new DataInputStream(accepted.getInputStream());
      in.readFully(new byte[in.readInt()]);
      accepted.getOutputStream().write(helloFrame());
      await("up", () -> transport.connected().contains(N2));
      assertThat(transport.report(N2, Bytes.of(new byte[FRAME_MAX]))).as("too large").isFalse();
      assertThat(transport.report(N2, Bytes.of(new byte[] {7}))).isTrue();
      byte[] frame = new byte[in.readInt()];
      in.readFully(frame);
      while (frame[4] == FrameKind.PING || frame[4] == FrameKind.SYNCED) {
        frame = new byte[in.readInt()];
        in.readFully(frame);
      }
      assertThat(frame[4]).isEqualTo((byte) FrameKind.REPORT);
      assertThat(frame[5]).isEqualTo((byte) 7);
    }
  }

  @Test
  void aPeerThatFallsSilentIsGivenUp() throws Exception {
    try (Socket _ = dialAsPeer()) {
      await("counted", () -> breaks(Break.SILENCE) >= 1);
    }
  }

  /// The peer accepts this node and then reads nothing more: its queue is bounded.
  @Test
  void aPeerThatDoesNotReadFillsItsQueueAndNoMore() throws Exception {
    try (Socket accepted = peer.accept()) {
      DataInputStream in = new DataInputStream(accepted.getInputStream());
      in.readFully(new byte[in.readInt()]);
      accepted.getOutputStream().write(helloFrame());
      await("up", () -> transport.connected().contains(N2));
      Bytes message = Bytes.of(new byte[32 << 10]);
      Transport.Sent last = Transport.Sent.QUEUED;
      for (int i = 0; i < 10_000 && last == Transport.Sent.QUEUED; i++) {
        last = transport.send(N2, message);
        transport.flush();
        if (last == Transport.Sent.QUEUE_FULL) {
          break;
        }
      }
      assertThat(last).isEqualTo(Transport.Sent.QUEUE_FULL);
      assertThat(transport.queuedBytes()).isLessThanOrEqualTo(FRAME_MAX);
    }
  }

  @Test
  void anAddressThatIsTakenIsNamed() throws Exception {
    InetSocketAddress taken =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), peer.getLocalPort());
    assertThatThrownBy(
            () ->
                NettyTransport.open(
                    NettyOptions.standard(() -> hello(N1), taken, Map.of()), loops, receiver))
        .isInstanceOf(ListenException.class)
        .hasMessageContaining(Integer.toString(peer.getLocalPort()));
  }
}
