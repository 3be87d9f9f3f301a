// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.host.identity.IdentityPort;
import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.identity.Watermark;
import dev.coterie.host.metric.LatencyMeter;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Syncs one store for all shards of a boot, on a thread of its own. Every wish that came before a
/// sync began is met by it, so the more writes wait, the fewer syncs each costs (group commit).
///
/// Without any wish the store is synced once a second when something was written: that is the most
/// that a power cut can take of writes acked as buffered. After each sync the identity file's
/// watermark follows, at its own slower pace.
final class Syncer {
  private static final Logger LOG = LoggerFactory.getLogger(Syncer.class);
  private static final long IDLE_SYNC_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long NONE = -1;

  /// Hears of each sync, on the syncer's thread.
  interface Listener {
    /// Every batch of `shard` up to `batch` is durable.
    void synced(int shard, long batch);

    /// The identity file says that everything up to `sequence` is synced.
    void watermarkSaved(long sequence);

    void syncFailed(StoreException cause);
  }

  private final NodeDisk disk;
  private final Store store;
  private final Listener listener;
  private final Watermark watermark;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final long[] wanted;
  private boolean stopping;
  private final Thread thread;
  private volatile long syncedSequence;
  private final AtomicLong syncs = new AtomicLong();
  private final LatencyMeter times = new LatencyMeter();
  private final LongSupplier nanos;

  /// @param nanos monotonic time
  Syncer(NodeDisk disk, int shards, LongSupplier nanos, Listener listener) {
    this.nanos = nanos;
    this.disk = disk;
    this.store = disk.store();
    this.listener = listener;
    this.watermark =
        new Watermark(
            Watermark.INTERVAL_NANOS_DEFAULT, System.nanoTime(), disk.identity().watermark());
    this.wanted = new long[shards];
    Arrays.fill(wanted, NONE);
    this.syncedSequence = store.latestSequence();
    this.thread = Thread.ofPlatform().name("syncer").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// The highest sequence number that is past fsync.
  long syncedSequence() {
    return syncedSequence;
  }

  /// How many syncs there have been.
  long syncs() {
    return syncs.get();
  }

  /// How long they took.
  LatencyMeter times() {
    return times;
  }

  void wish(int shard, long batch) {
    lock.lock();
    try {
      wanted[shard] = Math.max(wanted[shard], batch);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the thread; a sync under way is waited for.
  void stop() {
    lock.lock();
    try {
      stopping = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      long[] taken = new long[wanted.length];
      while (await(taken)) {
        long upTo = store.latestSequence();
        long began = nanos.getAsLong();
        store.sync();
        long ended = nanos.getAsLong();
        times.record(ended, ended - began);
        syncedSequence = upTo;
        syncs.incrementAndGet();
        for (int shard = 0; shard < taken.length; shard++) {
          if (taken[shard] != NONE) {
            listener.synced(shard, taken[shard]);
          }
        }
        watermark.synced(upTo);
        raiseWatermark();
      }
    } catch (StoreException cause) {
      listener.syncFailed(cause);
    }
  }

  /// Waits until there is something to sync and takes the wishes; false when it is to end.
  private boolean await(long[] taken) {
    lock.lock();
    try {
      long idleUntil = System.nanoTime() + IDLE_SYNC_NANOS;
      while (!stopping) {
        long now = System.nanoTime();
        boolean wished = Arrays.stream(wanted).anyMatch(batch -> batch != NONE);
        if (wished || (now >= idleUntil && store.latestSequence() > syncedSequence)) {
          System.arraycopy(wanted, 0, taken, 0, taken.length);
          Arrays.fill(wanted, NONE);
          return true;
        }
        if (now >= idleUntil) {
          idleUntil = now + IDLE_SYNC_NANOS;
        }
        long pause = Math.min(idleUntil - now, watermark.nanosUntilDue(now).orElse(Long.MAX_VALUE));
        if (pause <= 0) {
          lock.unlock();
          try {
            raiseWatermark();
          } finally {
            lock.lock();
          }
        } else {
          long unused = changed.awaitNanos(pause);
        }
      }
    } catch (InterruptedException _) {
      // Nobody interrupts this thread but a JVM that ends.
    } finally {
      lock.unlock();
    }
    return false;
  }

  private void raiseWatermark() {
    long now = System.nanoTime();
    watermark
        .due(now)
        .ifPresent(
            sequence -> {
              try {
                disk.raiseWatermark(sequence);
                listener.watermarkSaved(sequence);
              } catch (IdentityPort.IdentityException e) {
                LOG.atWarn()
                    .addKeyValue("event", "identity_not_saved")
                    .addKeyValue("sentence", e.getMessage())
                    .log("the watermark could not be saved; a loss may be found out later");
              }
              // Also when it failed: the next try is due after the interval.
              watermark.saved(now, sequence);
            });
  }
}
