// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.Await;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Runs that nobody has asked for.
class WarmupTest {
  private static final long CPU_NANOS = 100_000_000;

  @Test
  void itPlaysSomeRunsAndIsOver() throws InterruptedException {
    Warmup warmup = new Warmup(() -> true, CPU_NANOS);
    warmup.begin();
    warmup.begin();
    Await.until("it is over", 60, warmup::isOver);
    assertThat(warmup.played()).isPositive();
  }

  @Test
  void aBusyMachineIsLeftAlone() throws InterruptedException {
    Warmup warmup = new Warmup(() -> false, CPU_NANOS);
    warmup.begin();
    Await.until("it is over", 60, warmup::isOver);
    assertThat(warmup.played()).isZero();
  }

  @Test
  void itGivesWayToWhoeverComes() throws InterruptedException {
    CountDownLatch come = new CountDownLatch(1);
    Warmup warmup =
        new Warmup(
            () -> {
              try {
                come.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
              return true;
            },
            CPU_NANOS);
    warmup.begin();
    warmup.end();
    come.countDown();
    Await.until("it is over", 60, warmup::isOver);
    assertThat(warmup.played()).isZero();
    warmup.begin();
    assertThat(warmup.played()).as("not again").isZero();
  }
}
