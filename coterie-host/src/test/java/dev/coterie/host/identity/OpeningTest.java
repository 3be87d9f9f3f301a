// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.identity.IdentityPort.Loaded;
import dev.coterie.host.identity.StoreIdentity.Row;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table of [Opening], row by row.
class OpeningTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final long STORE = 0xabcL;
  private static final long DRAWN = 0xdefL;
  private static final Loaded MISSING = new Loaded.Missing();
  private static final Row ABSENT = new Row.Absent();

  record Case(String name, Loaded file, Row row, long latest, Verdict expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> starts() {
    return Stream.of(
        new Case("nothing at all", MISSING, ABSENT, 0, new Verdict.Fresh(DRAWN, 1)),
        new Case(
            "first start cut short before the store's row",
            file(STORE, 1, 0, false),
            ABSENT,
            0,
            new Verdict.Fresh(STORE, 2)),
        new Case(
            "new, and nobody has confirmed it",
            found(new Identity("shop", N1, STORE, 4, 100, false, true, Identity.NEW)),
            row(STORE, 4),
            100,
            new Verdict.Fresh(STORE, 5)),
        new Case(
            "first start cut short before the watermark",
            file(STORE, 1, 0, false),
            row(STORE, 1),
            1,
            new Verdict.Resume(STORE, 2, false)),
        new Case(
            "killed, at the watermark",
            file(STORE, 4, 100, false),
            row(STORE, 4),
            100,
            new Verdict.Resume(STORE, 5, false)),
        new Case(
            "killed, above the watermark",
            file(STORE, 4, 100, false),
            row(STORE, 4),
            130,
            new Verdict.Resume(STORE, 5, false)),
        new Case(
            "stopped cleanly",
            file(STORE, 4, 100, true),
            row(STORE, 4),
            100,
            new Verdict.Resume(STORE, 5, true)),
        new Case(
            "stopped cleanly, but the store has moved since",
            file(STORE, 4, 100, true),
            row(STORE, 4),
            101,
            new Verdict.Resume(STORE, 5, false)),
        new Case(
            "boots that ended before they wrote the store's row",
            file(STORE, 9, 100, false),
            row(STORE, 4),
            100,
            new Verdict.Resume(STORE, 10, false)));
  }

  @ParameterizedTest
  @MethodSource("starts")
  void startsWhereNothingIsMissing(Case at) {
    assertThat(judge(at)).isEqualTo(at.expected());
  }

  record Loss(
      String name, Loaded file, Row row, long latest, long storeId, long boot, String reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Loss> losses() {
    return Stream.of(
        new Loss(
            "one change below the watermark",
            file(STORE, 4, 100, false),
            row(STORE, 4),
            99,
            STORE,
            5,
            "the store went back"),
        new Loss(
            "below the watermark after a clean stop",
            file(STORE, 4, 100, true),
            row(STORE, 3),
            50,
            STORE,
            5,
            "the store went back"),
        new Loss(
            "wiped store", file(STORE, 4, 100, false), ABSENT, 0, DRAWN, 5, "the store is empty"),
        new Loss(
            "wiped again before the rebuild began",
            rebuilding(STORE, 4, 0),
            ABSENT,
            0,
            STORE,
            5,
            "not yet been made good"),
        new Loss(
            "rebuild not finished",
            rebuilding(STORE, 4, 100),
            row(STORE, 4),
            200,
            STORE,
            5,
            "not yet been made good"),
        new Loss(
            "identity file went back",
            file(STORE, 4, 100, true),
            row(STORE, 7),
            200,
            STORE,
            8,
            "the identity file went back"),
        new Loss(
            "both went back, the store further",
            file(STORE, 4, 100, false),
            row(STORE, 7),
            90,
            STORE,
            8,
            "the store went back"),
        new Loss(
            "identity file lost",
            MISSING,
            row(STORE, 7),
            90,
            STORE,
            7 + Opening.BOOT_JUMP,
            "the identity file is lost"));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossesAreNamed(Loss loss) {
    Verdict verdict =
        judge(new Case(loss.name, loss.file, loss.row, loss.latest, new Verdict.Fresh(0, 0)));
    assertThat(verdict).isInstanceOf(Verdict.Amnesiac.class);
    Verdict.Amnesiac amnesiac = (Verdict.Amnesiac) verdict;
    assertThat(amnesiac.storeId()).isEqualTo(loss.storeId());
    assertThat(amnesiac.boot()).isEqualTo(loss.boot());
    assertThat(amnesiac.reason()).contains(loss.reason());
  }

  record Wrong(String name, Loaded file, Row row, long latest, List<String> named) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Wrong> refusals() {
    Loaded mine = file(STORE, 4, 100, false);
    return Stream.of(
        new Wrong(
            "identity of another node",
            found(new Identity("shop", N2, STORE, 4, 100, false, false, 1)),
            row(STORE, 4),
            100,
            List.of("identity file", "n1", "n2")),
        new Wrong(
            "identity of another cluster",
            found(new Identity("bank", N1, STORE, 4, 100, false, false, 1)),
            row(STORE, 4),
            100,
            List.of("identity file", "shop", "bank")),
        new Wrong(
            "unreadable identity",
            new Loaded.Unreadable("both are damaged", "delete them"),
            row(STORE, 4),
            100,
            List.of("both are damaged")),
        new Wrong(
            "unreadable identity beside an empty store",
            new Loaded.Unreadable("both are damaged", "delete them"),
            ABSENT,
            0,
            List.of("both are damaged")),
        new Wrong("store of another node", mine, row("shop", N2), 100, List.of("n1", "n2")),
        new Wrong("store of another cluster", mine, row("bank", N1), 100, List.of("shop", "bank")),
        new Wrong(
            "store of another node without an identity file",
            MISSING,
            row("shop", N2),
            100,
            List.of("n1", "n2")),
        new Wrong(
            "another store of this node",
            mine,
            row(0x123, 4),
            100,
            List.of("0000000000000abc", "0000000000000123")),
        new Wrong("data without a row", mine, ABSENT, 100, List.of("does not say whose")),
        new Wrong("data without a name", MISSING, ABSENT, 1, List.of("does not say whose")),
        new Wrong(
            "illegible row",
            mine,
            new Row.Illegible("a block fails its checksum"),
            100,
            List.of("a block fails its checksum")),
        new Wrong(
            "newer store",
            mine,
            new Row.Present(new StoreIdentity(StoreIdentity.FORMAT + 1L, "shop", N1, STORE, 4)),
            100,
            List.of("format 2", "up to 1")),
        new Wrong(
            "store too old to upgrade",
            mine,
            new Row.Present(new StoreIdentity(StoreIdentity.FORMAT - 1L, "shop", N1, STORE, 4)),
            100,
            List.of("format 0")));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusalsNameBothSidesAndAWayOut(Wrong wrong) {
    Verdict verdict =
        judge(new Case(wrong.name, wrong.file, wrong.row, wrong.latest, new Verdict.Fresh(0, 0)));
    assertThat(verdict).isInstanceOf(Verdict.Refuse.class);
    Verdict.Refuse refuse = (Verdict.Refuse) verdict;
    assertThat(refuse.reason()).contains(wrong.named());
    assertThat(refuse.wayOut()).isNotEmpty();
  }

  @Test
  void upgradesMustLeadToThePresentFormatWithoutAGap() {
    Upgrade zero = new Upgrade(0, store -> {});
    Upgrade one = new Upgrade(1, store -> {});
    assertThat(Upgrade.reach(2, 2, List.of())).isTrue();
    assertThat(Upgrade.reach(0, 2, List.of(zero, one))).isTrue();
    assertThat(Upgrade.reach(1, 2, List.of(zero, one))).isTrue();
    assertThat(Upgrade.reach(0, 2, List.of(one))).isFalse();
    assertThat(Upgrade.reach(0, 2, List.of(zero))).isFalse();
  }

  private static Verdict judge(Case at) {
    return new Opening("shop", N1, List.of()).judge(at.file(), at.row(), at.latest(), DRAWN);
  }

  private static Loaded found(Identity identity) {
    return new Loaded.Found(identity, List.of());
  }

  private static Loaded file(long storeId, long boot, long watermark, boolean clean) {
    return found(new Identity("shop", N1, storeId, boot, watermark, clean, false, 1));
  }

  private static Loaded rebuilding(long storeId, long boot, long watermark) {
    return found(new Identity("shop", N1, storeId, boot, watermark, false, true, boot));
  }

  private static Row row(long storeId, long boot) {
    return new Row.Present(new StoreIdentity(StoreIdentity.FORMAT, "shop", N1, storeId, boot));
  }

  private static Row row(String cluster, NodeId node) {
    return new Row.Present(new StoreIdentity(StoreIdentity.FORMAT, cluster, node, STORE, 4));
  }
}
