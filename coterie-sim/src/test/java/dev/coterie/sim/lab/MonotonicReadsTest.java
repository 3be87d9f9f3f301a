// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.Dot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MonotonicReadsTest {
  private static final ActorId ACTOR = new ActorId(new NodeId("n1"), 1, 1, 1);

  private final List<LabOperation> operations = new ArrayList<>();
  private final Ledger ledger = new Ledger(2, operations);

  private LabOperation operation(boolean write, int client, long began) {
    LabOperation made = new LabOperation(operations.size() + 1, write, 0, client, began);
    made.ended = began + 5;
    made.result = LabOperation.Result.OK;
    operations.add(made);
    return made;
  }

  private void write(long began, int... seen) {
    LabOperation write = operation(true, 9, began);
    write.past = ledger.past(seen);
    ledger.minted(write, new Dot(ACTOR, write.id));
  }

  private void read(int client, long began, int... versions) {
    operation(false, client, began).versions = versions;
  }

  @Test
  void whatShowsLessThanBeforeHasGoneBack() {
    write(0); // 1
    write(10, 1); // 2, over 1
    read(1, 20, 2);
    read(1, 30, 1); // back
    read(2, 31, 1); // another client, its first
    read(1, 40, 2);
    write(45, 2); // 7, over 2
    read(1, 50, 7); // newer
    read(1, 60); // back: nothing
    read(1, 63, 7); // began before the last had ended
    read(2, 70, 7);
    Summary.Share back = MonotonicReads.goneBack(operations, ledger);
    assertThat(back.part()).isEqualTo(2);
    assertThat(back.of()).isEqualTo(5);
  }

  @Test
  void theBusiestOwnerIsCounted() {
    read(1, 0);
    read(1, 10);
    read(1, 20);
    operations.get(0).counted = new int[] {0, 1};
    operations.get(1).counted = new int[] {0, 2};
    operations.get(2).counted = new int[] {1, 2};
    assertThat(MonotonicReads.busiestOwner(operations, 2, 3)).isCloseTo(2 / 3.0, within(1e-12));
  }

  @Test
  void strictQuorumsDoNotGoBackWhereNothingIsUnderWay() {
    Summary strict =
        new LabRun(Scenario.parse("v1.social.r=2.reads=50.time=5s")).measure(_ -> true);
    Summary weak =
        new LabRun(Scenario.parse("v1.social.r=1.w=1.reads=50.rate=600.time=5s"))
            .measure(_ -> true);
    assertThat(weak.goneBack().value()).isGreaterThan(strict.goneBack().value());
    assertThat(weak.goneBack().of()).isGreaterThan(100);
  }
}
