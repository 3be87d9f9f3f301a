// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.PeerRefusal.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// What every [Transport] does. A subclass brings a network of two nodes, n1 and n2.
public abstract class TransportContract {
  protected static final NodeId N1 = new NodeId("n1");
  protected static final NodeId N2 = new NodeId("n2");

  /// Opens `hello.node()`'s end; what it is told goes to `receiver`.
  protected abstract Transport open(PeerHello hello, PeerMemory memory, Transport.Receiver receiver)
      throws Exception;

  private Transport open(PeerHello hello, Transport.Receiver receiver) throws Exception {
    return open(hello, PeerMemory.EMPTY, receiver);
  }

  /// Lets time pass until `holds` does, or fails.
  protected abstract void await(String what, BooleanSupplier holds);

  /// Lets a while pass in which nothing must happen.
  protected abstract void pass();

  /// The largest message that a transport of this kind must take.
  protected abstract int messageBytesMax();

  /// Writes down what it is told. Thread-safe.
  protected static final class Log implements Transport.Receiver {
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final List<Bytes> messages = Collections.synchronizedList(new ArrayList<>());
    private final List<PeerRefusal> refusals = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void delivered(NodeId from, Bytes message) {
      messages.add(message);
      told.add("from " + from);
    }

    @Override
    public void peerUp(PeerHello peer) {
      told.add("up " + peer.node() + "/" + peer.boot());
    }

    @Override
    public void peerDown(NodeId peer) {
      told.add("down " + peer);
    }

    @Override
    public void peerRefused(PeerRefusal refusal) {
      refusals.add(refusal);
    }

    public List<String> told() {
      return List.copyOf(told);
    }

    public List<Bytes> messages() {
      return List.copyOf(messages);
    }

    public List<PeerRefusal> refusals() {
      return List.copyOf(refusals);
    }

    boolean refused(Kind kind, boolean byPeer) {
      return refusals().stream().anyMatch(r -> r.kind() == kind && r.byPeer() == byPeer);
    }
  }

  protected static PeerHello hello(NodeId node, long boot) {
    return hello(node, boot, 0, 1);
  }

  protected static PeerHello hello(NodeId node, long boot, long openedAt, long lostAt) {
    return new PeerHello("shop", node, boot, 100 * boot, 77, 1, 1, openedAt, lostAt, 1, 99);
  }

  protected static Bytes message(String text) {
    return Bytes.utf8(text);
  }

  private void awaitUp(Log log, String peer) {
    await(peer + " up", () -> log.told().contains("up " + peer));
  }

  @Test
  void bothSidesComeUpAndHearTheOthersHello() throws Exception {
    Log log1 = new Log();
    Log log2 = new Log();
    try (Transport one = open(hello(N1, 3), log1);
        Transport two = open(hello(N2, 7), log2)) {
      awaitUp(log1, "n2/7");
      awaitUp(log2, "n1/3");
      assertThat(one.connected()).containsExactly(N2);
      assertThat(two.connected()).containsExactly(N1);
    }
  }

  @Test
  void messagesArriveWholeAndInOrder() throws Exception {
    Log log1 = new Log();
    Log log2 = new Log();
    try (Transport one = open(hello(N1, 1), log1);
        Transport _ = open(hello(N2, 1), log2)) {
      awaitUp(log1, "n2/1");
      List<Bytes> sent = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Bytes next = message(i + " " + "x".repeat(i * 37 % 5_000));
        sent.add(next);
        assertThat(one.send(N2, next)).isEqualTo(Transport.Sent.QUEUED);
        if (i % 7 == 0) {
          one.flush();
        }
      }
      one.flush();
      await("all messages", () -> log2.messages().size() == sent.size());
      assertThat(log2.messages()).isEqualTo(sent);
      assertThat(log2.told()).contains("from n1");
    }
  }

  @Test
  void aLargeMessageArrivesAndATooLargeOneIsNamed() throws Exception {
    Log log1 = new Log();
    Log log2 = new Log();
    try (Transport one = open(hello(N1, 1), log1);
        Transport _ = open(hello(N2, 1), log2)) {
      awaitUp(log1, "n2/1");
      Bytes large = Bytes.of(new byte[messageBytesMax()]);
      assertThat(one.send(N2, Bytes.of(new byte[64 << 20]))).isEqualTo(Transport.Sent.TOO_LARGE);
      assertThat(one.send(N2, large)).isEqualTo(Transport.Sent.QUEUED);
      one.flush();
      await("the large message", () -> log2.messages().size() == 1);
      assertThat(log2.messages().getFirst()).isEqualTo(large);
    }
  }

  @Test
  void whatCannotBeSentIsSaid() throws Exception {
    Log log1 = new Log();
    try (Transport one = open(hello(N1, 1), log1)) {
      assertThat(one.send(N2, message("x"))).isEqualTo(Transport.Sent.NOT_CONNECTED);
      assertThat(one.send(new NodeId("n9"), message("x"))).isEqualTo(Transport.Sent.NOT_CONNECTED);
      assertThat(one.connected()).isEmpty();
    }
  }

  @Test
  void aPeerThatGoesAndComesBackIsToldInOrder() throws Exception {
    Log log1 = new Log();
    try (Transport one = open(hello(N1, 1), log1)) {
      Transport two = open(hello(N2, 1), new Log());
      awaitUp(log1, "n2/1");
      two.close();
      await("n2 down", () -> log1.told().contains("down n2"));
      assertThat(one.connected()).isEmpty();
      try (Transport _ = open(hello(N2, 2), new Log())) {
        awaitUp(log1, "n2/2");
        assertThat(log1.told()).containsSubsequence("up n2/1", "down n2", "up n2/2");
      }
    }
  }

  @Test
  void anotherClusterIsRefusedOnBothSides() throws Exception {
    Log log1 = new Log();
    Log log2 = new Log();
    PeerHello bank = new PeerHello("bank", N2, 1, 1, 77, 1, 1, 0, 1, 1, 99);
    try (Transport one = open(hello(N1, 1), log1);
        Transport _ = open(bank, log2)) {
      await("n1 hears", () -> log1.refused(Kind.WRONG_CLUSTER, true));
      await("n2 hears", () -> log2.refused(Kind.WRONG_CLUSTER, true));
      pass();
      assertThat(one.connected()).isEmpty();
      assertThat(log1.told()).isEmpty();
      assertThat(log2.told()).isEmpty();
    }
  }

  @Test
  void anotherPlacementIsRefused() throws Exception {
    Log log1 = new Log();
    PeerHello other = new PeerHello("shop", N2, 1, 1, 77, 1, 1, 0, 1, 1, 98);
    try (Transport one = open(hello(N1, 1), log1);
        Transport _ = open(other, new Log())) {
      await("n1 hears", () -> log1.refused(Kind.OTHER_PLACEMENT, true));
      assertThat(one.connected()).isEmpty();
    }
  }

  @Test
  void anOlderBootIsToldWhichOneIsKnown() throws Exception {
    Log log1 = new Log();
    try (Transport _ = open(hello(N1, 1), log1)) {
      Transport two = open(hello(N2, 5), new Log());
      awaitUp(log1, "n2/5");
      two.close();
      await("n2 down", () -> log1.told().contains("down n2"));
      Log log2 = new Log();
      try (Transport _ = open(hello(N2, 4), log2)) {
        await("n2 hears", () -> log2.refused(Kind.OLDER_BOOT, true));
        assertThat(log2.refusals().getFirst().knownBoot()).isEqualTo(5);
        assertThat(log1.told()).doesNotContain("up n2/4");
      }
    }
  }

  /// F45: yesterday's image.
  @Test
  void aStoreThatWentBackIsTold() throws Exception {
    Log log1 = new Log();
    try (Transport _ = open(hello(N1, 1), log1)) {
      Log before = new Log();
      Transport two = open(hello(N2, 1), before);
      awaitUp(before, "n1/1");
      awaitUp(log1, "n2/1");
      two.announceSynced(900);
      pass();
      two.close();
      await("n2 down", () -> log1.told().contains("down n2"));
      Log log2 = new Log();
      try (Transport _ = open(hello(N2, 2, 500, 1), log2)) {
        await("n2 hears", () -> log2.refused(Kind.ROLLED_BACK, true));
      }
      Log whole = new Log();
      try (Transport _ = open(hello(N2, 3, 900, 1), whole)) {
        awaitUp(whole, "n1/1");
      }
    }
  }

  /// F45 with both started again: what the one has heard of the other is kept for it.
  @Test
  void whatWasHeardHoldsOverARestart() throws Exception {
    PeerMemory kept;
    Log log1 = new Log();
    try (Transport one = open(hello(N1, 1), log1)) {
      Log before = new Log();
      Transport two = open(hello(N2, 1), before);
      awaitUp(before, "n1/1");
      awaitUp(log1, "n2/1");
      two.announceSynced(900);
      pass();
      two.close();
      await("n2 down", () -> log1.told().contains("down n2"));
      kept = one.memory();
    }
    try (Transport _ = open(hello(N1, 2), kept, new Log())) {
      Log log2 = new Log();
      try (Transport _ = open(hello(N2, 2, 500, 1), log2)) {
        await("n2 hears", () -> log2.refused(Kind.ROLLED_BACK, true));
      }
    }
  }

  @Test
  void nothingIsToldOnceClosed() throws Exception {
    Log log1 = new Log();
    Log log2 = new Log();
    Transport one = open(hello(N1, 1), log1);
    try (Transport two = open(hello(N2, 1), log2)) {
      awaitUp(log2, "n1/1");
      awaitUp(log1, "n2/1");
      one.close();
      List<String> told = log1.told();
      var _ = two.send(N1, message("late"));
      two.flush();
      pass();
      assertThat(log1.told()).isEqualTo(told);
      assertThat(one.send(N2, message("x"))).isEqualTo(Transport.Sent.NOT_CONNECTED);
    }
  }
}
