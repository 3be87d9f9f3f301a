// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.lab.Shares.Verdict;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who gets a place in the Lab next.
class SharesTest {
  private static final Visitor ANN = new Visitor("ann");
  private static final Visitor BOB = new Visitor("bob");
  private static final Visitor EVE = new Visitor("eve");

  private final Shares shares = new Shares(3, 2);
  private final List<Visitor> holders = new ArrayList<>();
  private long now = 1;

  private Verdict ask(Visitor who) {
    Verdict verdict = shares.ask(who, holders, now);
    if (verdict == Verdict.GRANTED) {
      holders.add(who);
    }
    return verdict;
  }

  @Test
  void nobodyHoldsMoreThanItsShare() {
    assertThat(ask(ANN)).isEqualTo(Verdict.GRANTED);
    assertThat(ask(ANN)).isEqualTo(Verdict.GRANTED);
    assertThat(ask(ANN)).isEqualTo(Verdict.SHARE_USED);
    assertThat(ask(BOB)).isEqualTo(Verdict.GRANTED);
    assertThat(ask(BOB)).as("all are taken").isEqualTo(Verdict.BUSY);
  }

  @Test
  void whoHoldsFewestComesFirstThenWhoHasAskedLongest() {
    holders.addAll(List.of(ANN, ANN, BOB));
    assertThat(ask(BOB)).isEqualTo(Verdict.BUSY);
    assertThat(ask(EVE)).isEqualTo(Verdict.BUSY);
    assertThat(ask(new Visitor("dan"))).isEqualTo(Verdict.BUSY);
    holders.remove(ANN);
    assertThat(ask(ANN)).as("holds one").isEqualTo(Verdict.BUSY);
    assertThat(ask(BOB)).as("asked first, but holds one").isEqualTo(Verdict.BUSY);
    assertThat(ask(new Visitor("dan"))).as("asked after Eve").isEqualTo(Verdict.BUSY);
    assertThat(ask(EVE)).isEqualTo(Verdict.GRANTED);
  }

  @Test
  void whoDoesNotAskAgainLosesItsTurn() {
    holders.addAll(List.of(ANN, ANN, BOB));
    assertThat(ask(EVE)).isEqualTo(Verdict.BUSY);
    holders.remove(ANN);
    now += Shares.LEASE_NANOS;
    assertThat(ask(ANN)).isEqualTo(Verdict.BUSY);
    now += 1;
    assertThat(ask(ANN)).isEqualTo(Verdict.GRANTED);
  }

  @Test
  void whoAsksBehindAFullQueueHasNoTurn() {
    holders.addAll(List.of(ANN, ANN, BOB));
    for (int i = 0; i < Shares.WAITING_MAX; i++) {
      assertThat(ask(new Visitor("waits " + i))).isEqualTo(Verdict.BUSY);
    }
    assertThat(ask(EVE)).isEqualTo(Verdict.BUSY);
    for (int i = 0; i < Shares.WAITING_MAX; i++) {
      holders.clear();
      assertThat(ask(new Visitor("waits " + i))).isEqualTo(Verdict.GRANTED);
    }
    assertThat(ask(EVE)).as("nobody has waited for it since").isEqualTo(Verdict.GRANTED);
  }

  @Test
  void visitorsAreToldApartByWhereTheyComeFrom() throws UnknownHostException {
    assertThat(at("192.0.2.7", 1)).isEqualTo(at("192.0.2.7", 2)).isNotEqualTo(at("192.0.2.8", 1));
    assertThat(at("2001:db8:0:1::5", 1))
        .isEqualTo(at("2001:db8:0:1::6", 1))
        .isNotEqualTo(at("2001:db8:0:2::5", 1));
    assertThat(Visitor.at(null)).isEqualTo(Visitor.HERE);
  }

  private static Visitor at(String address, int port) throws UnknownHostException {
    return Visitor.at(new InetSocketAddress(InetAddress.getByName(address), port));
  }
}
