// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.host.metric.PauseFigures;
import dev.coterie.server.Await;
import org.junit.jupiter.api.Test;

class GcPausesTest {
  @Test
  void aCollectionIsAPause() {
    try (GcPauses pauses = new GcPauses(System::nanoTime)) {
      assertThat(pauses.figures().all().count()).isZero();
      assertThat(pauses.figures().mostMillis()).isZero();
      pauses.start();
      System.gc();
      Await.until("the JVM tells", 40, () -> pauses.figures().all().count() > 0, () -> "");
      PauseFigures told = pauses.figures();
      assertThat(told.lastHour().count()).isEqualTo(told.all().count());
      assertThat(told.mostMillis()).isLessThan(60_000);
    }
  }
}
