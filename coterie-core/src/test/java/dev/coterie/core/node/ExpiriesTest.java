// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.ring.GroupId;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The bounded memory of ends.
class ExpiriesTest {
  private static final GroupId GROUP = new GroupId(3, 0);

  private static ObjectKey key(int number) {
    return new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("k" + number));
  }

  private static List<ObjectKey> due(Expiries expiries, long wallMillis, int count) {
    return expiries.due(wallMillis, count).stream().map(Expiries.Name::key).toList();
  }

  @Test
  void theSoonestComeFirstAndNoSooner() {
    Expiries expiries = new Expiries(10);
    expiries.add(GROUP, key(1), 300);
    expiries.add(GROUP, key(2), 100);
    expiries.add(GROUP, key(3), 200);
    assertThat(due(expiries, 99, 10)).isEmpty();
    assertThat(due(expiries, 200, 1)).containsExactly(key(2));
    assertThat(due(expiries, 200, 10)).containsExactly(key(3));
    assertThat(expiries.size()).isEqualTo(1);
  }

  @Test
  void aNewEndTakesThePlaceOfTheOld() {
    Expiries expiries = new Expiries(10);
    expiries.add(GROUP, key(1), 100);
    expiries.add(GROUP, key(1), 500);
    assertThat(expiries.size()).isEqualTo(1);
    assertThat(due(expiries, 499, 10)).isEmpty();
    assertThat(due(expiries, 500, 10)).containsExactly(key(1));
  }

  @Test
  void aboveTheBoundTheLatestAreLetGo() {
    Expiries expiries = new Expiries(3);
    for (int i = 1; i <= 1_000; i++) {
      expiries.add(GROUP, key(i), 10_000 - i);
    }
    expiries.add(GROUP, key(0), 50_000);
    assertThat(expiries.size()).isEqualTo(3);
    assertThat(due(expiries, 100_000, 10)).containsExactly(key(1_000), key(999), key(998));
    assertThat(expiries.size()).isZero();
  }
}
