// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Recording;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.study.Measures;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Plays many scenarios for their metrics, some at a time.
public final class Plays {
  private static final int ENTRIES_MIN = 100_000;

  /// What an entry of a recording costs with all that hangs on it, on average.
  private static final long ENTRY_BYTES = 80;

  private final int threads;
  private final int entriesMax;
  private final BooleanSupplier goesOn;
  private final IntConsumer told;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicReference<@Nullable RuntimeException> fault = new AtomicReference<>();

  /// @param goesOn asked now and then, by any thread; once it says no, what has not been played is
  ///   left out
  /// @param told how many have been played so far, by any thread
  public Plays(int threads, BooleanSupplier goesOn, IntConsumer told) {
    this.threads = threads;
    // No more than an eighth of the heap for all runs that are under way.
    this.entriesMax =
        Math.clamp(
            Runtime.getRuntime().maxMemory() / 8 / threads / ENTRY_BYTES,
            ENTRIES_MIN,
            Recording.ENTRIES_MAX);
    this.goesOn = goesOn;
    this.told = told;
  }

  /// What came of each, in their order; null of those that were not played to their end.
  public List<@Nullable Measures> play(List<Scenario> scenarios) throws InterruptedException {
    AtomicReferenceArray<@Nullable Measures> found = new AtomicReferenceArray<>(scenarios.size());
    next.set(0);
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < Math.min(threads, scenarios.size()); i++) {
      Thread thread =
          Thread.ofPlatform()
              .name("lab play " + i)
              .daemon()
              .unstarted(() -> playSome(scenarios, found));
      thread.setPriority(Thread.MIN_PRIORITY); // clients of the node go first
      thread.start();
      running.add(thread);
    }
    for (Thread thread : running) {
      thread.join();
    }
    RuntimeException broken = fault.get();
    if (broken != null) {
      throw broken;
    }
    List<@Nullable Measures> all = new ArrayList<>();
    for (int i = 0; i < scenarios.size(); i++) {
      all.add(found.get(i));
    }
    return all;
  }

  private void playSome(List<Scenario> scenarios, AtomicReferenceArray<@Nullable Measures> found) {
    try {
      for (int i = next.getAndIncrement();
          i < scenarios.size() && goesOn.getAsBoolean() && fault.get() == null;
          i = next.getAndIncrement()) {
        Measures measures = Measures.play(scenarios.get(i), entriesMax, goesOn);
        if (measures.ended() == LabRun.End.WHOLE) {
          found.set(i, measures);
        }
        told.accept(done.incrementAndGet());
      }
    } catch (RuntimeException e) {
      fault.compareAndSet(null, e);
    }
  }
}
