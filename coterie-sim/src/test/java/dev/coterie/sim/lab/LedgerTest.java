// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.sim.lab.LabOperation.Result;
import dev.coterie.sim.lab.LabOperation.Verdict;
import dev.coterie.sim.lab.Summary.Share;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The definitions of the metrics, on histories made by hand. Times in µs.
final class LedgerTest {
  private static final ActorId ACTOR = new ActorId(new NodeId("n1"), 1, 1, 1);

  private final List<LabOperation> operations = new ArrayList<>();
  private final Ledger ledger = new Ledger(1, operations);

  private LabOperation begun(boolean write, long at) {
    LabOperation operation = new LabOperation(operations.size() + 1, write, 0, 0, at);
    operations.add(operation);
    return operation;
  }

  /// A write that takes effect at once.
  private LabOperation write(long at, LabOperation... seen) {
    LabOperation write = begun(true, at);
    for (LabOperation each : seen) {
      write.past = write.past.join(each.past).with(each.ordinal);
    }
    ledger.minted(write, new Dot(ACTOR, write.id));
    return write;
  }

  private LabOperation acked(long at, LabOperation write) {
    write.ended = at;
    write.result = Result.OK;
    ledger.acked(write);
    return write;
  }

  private LabOperation read(long at, LabOperation... found) {
    return read(at, CausalContext.EMPTY, found);
  }

  private LabOperation read(long at, CausalContext context, LabOperation... found) {
    LabOperation read = begun(false, at);
    read.versions = new int[found.length];
    for (int i = 0; i < found.length; i++) {
      read.versions[i] = found[i].id;
    }
    read.result = Result.OK;
    ledger.judge(read, context);
    return read;
  }

  @Test
  void nothingIsSaidOfAKeyWithoutAnAcknowledgedWrite() {
    assertThat(read(10).verdict).isEqualTo(Verdict.UNKNOWN);
    LabOperation write = write(20);
    assertThat(read(30, write).verdict).isEqualTo(Verdict.UNKNOWN);
    acked(50, write);
    assertThat(read(50).verdict)
        .as("acknowledged when the read began, not before")
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void freshIsWhoShowsTheNewestOrWhatFollowedIt() {
    LabOperation first = acked(10, write(0));
    LabOperation second = acked(30, write(20, first));
    assertThat(read(40, second).verdict).isEqualTo(Verdict.FRESH);
    LabOperation third = write(45, second);
    assertThat(read(50, third).verdict)
        .as("not acknowledged, but it follows")
        .isEqualTo(Verdict.FRESH);
    assertThat(read(60, third).behind).isZero();
  }

  @Test
  void staleIsWhoMissesTheNewest() {
    LabOperation first = acked(10, write(0));
    LabOperation second = acked(30, write(20, first));
    LabOperation third = acked(50, write(40, second));
    LabOperation read = read(70, first);
    assertThat(read.verdict).isEqualTo(Verdict.STALE);
    assertThat(read.newest).isEqualTo(third.id);
    assertThat(read.behind).as("k").isEqualTo(2);
    assertThat(read.began - read.behindSince).as("since the first that it misses").isEqualTo(40);
    LabOperation nothing = read(80);
    assertThat(nothing.verdict).isEqualTo(Verdict.STALE);
    assertThat(nothing.behind).isEqualTo(3);
  }

  @Test
  void aWriteThatIsAcknowledgedWhileTheReadRunsDoesNotCount() {
    LabOperation first = acked(10, write(0));
    LabOperation second = write(20, first);
    LabOperation read = begun(false, 30);
    acked(35, second);
    read.versions = new int[] {first.id};
    ledger.judge(read, CausalContext.EMPTY);
    assertThat(read.verdict).isEqualTo(Verdict.FRESH);
  }

  @Test
  void aSiblingOfTheNewestIsNotTheNewest() {
    LabOperation first = acked(10, write(0));
    LabOperation left = acked(30, write(20, first));
    LabOperation right = acked(40, write(21, first));
    assertThat(read(50, left).verdict).isEqualTo(Verdict.STALE);
    assertThat(read(50, left, right).verdict).isEqualTo(Verdict.FRESH);
    LabOperation one = read(60, right);
    assertThat(one.verdict).as("the last acknowledged is there").isEqualTo(Verdict.FRESH);
    assertThat(one.behind).as("its sibling is not").isEqualTo(1);
  }

  @Test
  void aContextThatNamesTheNewestCoversIt() {
    LabOperation first = acked(10, write(0));
    CausalContext seen = CausalContext.EMPTY.with(first.dots.getFirst());
    assertThat(read(20, seen).verdict).isEqualTo(Verdict.FRESH);
  }

  @Test
  void intervalsAreWilsons() {
    Share none = Share.of(0, 100);
    assertThat(none.low()).isZero();
    assertThat(none.high()).isCloseTo(0.03699, within(1e-5));
    Share five = Share.of(5, 100);
    assertThat(five.low()).isCloseTo(0.02154, within(1e-5));
    assertThat(five.high()).isCloseTo(0.11175, within(1e-5));
    assertThat(Share.of(100, 100).high()).isEqualTo(1);
    assertThat(Share.of(0, 0).value()).isNaN();
  }

  @Test
  void quantilesAreValuesThatWereThere() {
    double[] sorted = {1, 2, 3, 4};
    assertThat(Series.quantile(sorted, 0.5)).isEqualTo(2);
    assertThat(Series.quantile(sorted, 0.51)).isEqualTo(3);
    assertThat(Series.quantile(sorted, 1)).isEqualTo(4);
    assertThat(Series.quantile(new double[0], 0.5)).isNaN();
  }

  private LabOperation stamped(Ledger lww, long at, long stamp) {
    LabOperation write = begun(true, at);
    write.stamp = stamp;
    lww.minted(write, new Dot(ACTOR, write.id));
    return write;
  }

  private LabOperation shown(Ledger lww, long at, LabOperation found, LabOperation... known) {
    LabOperation read = begun(false, at);
    read.versions = new int[] {found.id};
    CausalContext context = CausalContext.of(found.dots.getFirst());
    for (LabOperation each : known) {
      context = context.with(each.dots.getFirst());
    }
    lww.judge(read, context);
    return read;
  }

  /// Two writes at the same time, of which the first one has the later timestamp.
  @Test
  void aLastWriteWinsReadThatKnowsOfANewerWriteAndHidesItIsStale() {
    Ledger lww = new Ledger(1, operations, true);
    LabOperation first = stamped(lww, 0, 90);
    LabOperation second = stamped(lww, 1, 80);
    for (LabOperation write : List.of(first, second)) {
      write.ended = 2;
      write.result = Result.OK;
      lww.acked(write);
    }
    LabOperation read = shown(lww, 5, first, second);
    assertThat(read.verdict).isEqualTo(Verdict.STALE);
    assertThat(read.hidesNewest).isTrue();
    assertThat(shown(lww, 5, second, first).verdict).isEqualTo(Verdict.FRESH);
    assertThat(Ledger.isLost(second, first)).isTrue();
  }

  @Test
  void whatALaterWriteReplacesIsOverwrittenAndWhatLostBeforeIsLost() {
    Ledger lww = new Ledger(1, operations, true);
    LabOperation winner = stamped(lww, 0, 90);
    LabOperation loser = stamped(lww, 1, 80);
    for (LabOperation write : List.of(winner, loser)) {
      write.ended = 2;
      write.result = Result.OK;
      lww.acked(write);
    }
    LabOperation later = stamped(lww, 3, 100);
    lww.replaced(later, List.of(winner.dots.getFirst(), loser.dots.getFirst()));
    assertThat(winner.thrownAway).as("the later one began after its acknowledgement").isFalse();
    assertThat(loser.thrownAway).isTrue();
    assertThat(shown(lww, 5, later).verdict).isEqualTo(Verdict.FRESH);
  }
}
