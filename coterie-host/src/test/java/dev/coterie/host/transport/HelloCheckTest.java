// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.HelloCheck.Result;
import dev.coterie.host.transport.PeerRefusal.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class HelloCheckTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final PeerHello OWN = new PeerHello("shop", N1, 1, 11, 77, 1, 1, 0, 1, 1, 99);

  private final HelloCheck check = new HelloCheck(List.of(N2), PeerMemory.EMPTY);

  private static PeerHello n2(long boot, long nonce, long openedAt, long lostAt) {
    return new PeerHello("shop", N2, boot, nonce, 77, 1, 1, openedAt, lostAt, 1, 99);
  }

  private Result say(PeerHello hello) {
    return check.incoming(OWN, hello, N1);
  }

  private void refused(PeerHello hello, Kind kind, long knownBoot) {
    assertThat(say(hello))
        .isInstanceOfSatisfying(
            Result.Refused.class,
            refusal -> {
              assertThat(refusal.kind()).isEqualTo(kind);
              assertThat(refusal.knownBoot()).isEqualTo(knownBoot);
            });
  }

  @Test
  void aLaterBootIsHeardAndAnEarlierOneIsNot() {
    assertThat(say(n2(3, 1, 0, 1))).isEqualTo(new Result.Accepted(1, false));
    assertThat(say(n2(5, 2, 0, 1))).isEqualTo(new Result.Accepted(1, true));
    refused(n2(4, 3, 0, 1), Kind.OLDER_BOOT, 5);
  }

  /// F45: yesterday's image. What the node had synced is more than what it opened with.
  @Test
  void anOldImageIsToldThatMoreWasSynced() {
    assertThat(say(n2(3, 1, 0, 1))).isInstanceOf(Result.Accepted.class);
    check.heard(N2, 3, 900);
    refused(n2(4, 2, 500, 1), Kind.ROLLED_BACK, 4);
    assertThat(say(n2(4, 2, 900, 1))).isInstanceOf(Result.Accepted.class);
  }

  @Test
  void aStoreThatIsKnownToHaveLostDataIsNotHeldToWhatItOnceHad() {
    check.heard(N2, 3, 900);
    assertThat(say(n2(4, 2, 10, 4))).isInstanceOf(Result.Accepted.class);
    assertThat(say(n2(5, 3, 20, 4))).isInstanceOf(Result.Accepted.class);
    check.heard(N2, 5, 30);
    refused(n2(6, 4, 25, 4), Kind.ROLLED_BACK, 6);
  }

  /// A connection that broke and came back: the store has grown since it was opened.
  @Test
  void theSameBootIsNotHeldToWhatItHasSyncedSince() {
    assertThat(say(n2(3, 1, 100, 1))).isInstanceOf(Result.Accepted.class);
    check.heard(N2, 3, 900);
    check.left(N2);
    assertThat(say(n2(3, 1, 100, 1))).isInstanceOf(Result.Accepted.class);
  }

  @Test
  void anotherProcessOfTheSameBootIsACloneWhileTheFirstIsThere() {
    assertThat(say(n2(3, 1, 0, 1))).isInstanceOf(Result.Accepted.class);
    refused(n2(3, 2, 0, 1), Kind.CLONE, 0);
    check.left(N2);
    refused(n2(3, 2, 0, 1), Kind.OLDER_BOOT, 3);
  }

  /// Its disk was emptied, and it has started more often since than it had before.
  @Test
  void aHigherBootOnAnotherStoreHasLostItsData() {
    assertThat(say(n2(3, 1, 0, 1))).isInstanceOf(Result.Accepted.class);
    refused(on(78, n2(4, 2, 0, 1)), Kind.OLDER_BOOT, 4);
    refusedBy(check.memory(), on(78, n2(4, 2, 0, 3)), Kind.OLDER_BOOT, 4);
    assertThat(say(on(0, n2(4, 2, 0, 1))))
        .as("it does not say")
        .isInstanceOf(Result.Accepted.class);
    assertThat(say(on(78, n2(5, 3, 0, 5))))
        .as("nor did before")
        .isInstanceOf(Result.Accepted.class);
    assertThat(say(on(79, n2(6, 4, 0, 6)))).as("it says so").isInstanceOf(Result.Accepted.class);
    refused(on(78, n2(7, 5, 0, 5)), Kind.OLDER_BOOT, 7);
  }

  private static PeerHello on(long storeId, PeerHello hello) {
    return new PeerHello(
        hello.cluster(),
        hello.node(),
        hello.boot(),
        hello.nonce(),
        storeId,
        hello.protocolMin(),
        hello.protocolMax(),
        hello.openedAt(),
        hello.lostAt(),
        hello.placementEpoch(),
        hello.placementFingerprint());
  }

  /// Both nodes have started again since.
  @Test
  void whatWasHeardBeforeARestartHolds() {
    assertThat(say(n2(3, 1, 0, 1))).isInstanceOf(Result.Accepted.class);
    check.heard(N2, 3, 900);
    PeerMemory kept = check.memory();
    assertThat(kept.peers()).containsEntry(N2, new PeerMemory.Known(3, 1, 77, 3, 900));
    refusedBy(kept, n2(4, 2, 500, 1), Kind.ROLLED_BACK, 4);
    refusedBy(kept, n2(2, 2, 900, 1), Kind.OLDER_BOOT, 3);
    refusedBy(kept, n2(3, 2, 900, 1), Kind.OLDER_BOOT, 3);
    assertThat(new HelloCheck(List.of(N2), kept).incoming(OWN, n2(4, 2, 900, 1), N1))
        .isEqualTo(new Result.Accepted(1, true));
    assertThat(new HelloCheck(List.of(N2), kept).incoming(OWN, n2(5, 2, 0, 5), N1))
        .isEqualTo(new Result.Accepted(1, true));
    assertThat(new HelloCheck(List.of(new NodeId("n3")), kept).memory())
        .isEqualTo(PeerMemory.EMPTY);
  }

  private static void refusedBy(PeerMemory kept, PeerHello hello, Kind kind, long knownBoot) {
    assertThat(new HelloCheck(List.of(N2), kept).incoming(OWN, hello, N1))
        .isInstanceOfSatisfying(
            Result.Refused.class,
            refusal -> {
              assertThat(refusal.kind()).isEqualTo(kind);
              assertThat(refusal.knownBoot()).isEqualTo(knownBoot);
            });
  }

  @Test
  void whoDialsTheWrongNodeOrAnotherClusterIsTold() {
    assertThat(check.incoming(OWN, n2(1, 1, 0, 1), new NodeId("n3")))
        .isInstanceOfSatisfying(
            Result.Refused.class, refusal -> assertThat(refusal.kind()).isEqualTo(Kind.WRONG_NODE));
    refused(new PeerHello("bank", N2, 1, 1, 77, 1, 1, 0, 1, 1, 99), Kind.WRONG_CLUSTER, 0);
    refused(new PeerHello("shop", N2, 1, 1, 77, 2, 3, 0, 1, 1, 99), Kind.NO_COMMON_PROTOCOL, 0);
    refused(new PeerHello("shop", N2, 1, 1, 77, 1, 1, 0, 1, 1, 98), Kind.OTHER_PLACEMENT, 0);
    refused(
        new PeerHello("shop", new NodeId("n9"), 1, 1, 77, 1, 1, 0, 1, 1, 99), Kind.UNKNOWN_NODE, 0);
  }
}
