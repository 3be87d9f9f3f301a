// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.ring.GroupId;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.server.dashboard.EventLog;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Of what a disk lost and nobody else holds, operators hear once, and only where there was
/// something.
class LostGroupsTest {
  private final Happenings happenings =
      new Happenings(new EventLog(System::currentTimeMillis), () -> 0);
  private final LostGroups lost = new LostGroups();

  private void lose(int n, int groups) {
    for (int partition = 0; partition < groups; partition++) {
      lost.add(new GroupId(n, partition));
    }
  }

  @Test
  void whereNoBucketHasThatNothingWasLost() {
    lose(1, 86);
    lost.tell(Set.of(3), happenings);
    lost.tell(Set.of(1, 3), happenings); // a bucket that came later held nothing then
    assertThat(happenings.alarms()).isZero();
  }

  @Test
  void allGroupsOfOneNAreOneAlarm() {
    lose(1, 86);
    lose(2, 1);
    lost.tell(Set.of(1, 2, 3), happenings);
    lost.tell(Set.of(1, 2, 3), happenings);
    assertThat(happenings.alarms()).isEqualTo(2);
    assertThat(happenings.lastAlarms())
        .containsExactly(
            new NodeStatus.LastAlarm(
                "NOTHING_TO_COPY_FROM",
                "1 group with n=2 has no other owner: what this disk lost of it is lost",
                2,
                0,
                false));
  }
}
