// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.Template;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs that nobody has asked for, so that whoever asks first finds the engine loaded and compiled.
/// They are played once in a process, on a machine that has time for them, for a bounded time, and
/// end when somebody's run begins.
final class Warmup {
  private static final Logger LOG = LoggerFactory.getLogger(Warmup.class);

  /// CPU time that they take at most.
  static final long CPU_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

  /// Entries of a recording; those of the templates have fewer.
  private static final int ENTRIES_MAX = 200_000;

  /// The load average, for each processor, up to which the machine has time.
  private static final double IDLE = 0.5;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final BooleanSupplier idle;
  private final long cpuNanosMax;
  private final AtomicInteger played = new AtomicInteger();
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile boolean ended;
  private volatile boolean over;
  private long cpuUntil;

  Warmup() {
    this(Warmup::isIdle, CPU_NANOS_MAX);
  }

  /// @param idle whether the machine has time
  Warmup(BooleanSupplier idle, long cpuNanosMax) {
    this.idle = idle;
    this.cpuNanosMax = cpuNanosMax;
  }

  /// Begins, where it has not.
  void begin() {
    if (!ended && begun.compareAndSet(false, true)) {
      Thread thread = Thread.ofPlatform().name("lab warm-up").daemon().unstarted(this::play);
      thread.setPriority(Thread.MIN_PRIORITY); // clients of the node go first
      thread.start();
    }
  }

  /// Ends it, soon and for good.
  void end() {
    ended = true;
  }

  private void play() {
    try {
      if (idle.getAsBoolean()) {
        cpuUntil = threads.getCurrentThreadCpuTime() + cpuNanosMax;
        for (Template template : Template.values()) {
          if (goesOn()) {
            Played run = new LabRun(Scenario.of(template), ENTRIES_MAX).play(_ -> goesOn());
            String _ = Json.writeLine(Lab.whole(run, 0));
            int _ = played.incrementAndGet();
          }
        }
      }
    } catch (RuntimeException e) {
      LOG.error("the Lab could not warm up", e);
    } finally {
      over = true;
    }
  }

  private boolean goesOn() {
    return !ended && threads.getCurrentThreadCpuTime() < cpuUntil;
  }

  private static boolean isIdle() {
    OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
    double load = machine.getSystemLoadAverage();
    return load >= 0 && load <= IDLE * machine.getAvailableProcessors();
  }

  /// Whether no run of it is under way, nor will be.
  boolean isOver() {
    return over;
  }

  /// How many runs it has played, the last maybe in part.
  int played() {
    return played.get();
  }
}
