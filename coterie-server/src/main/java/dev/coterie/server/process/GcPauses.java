// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.host.metric.LatencyMeter;
import dev.coterie.host.metric.PauseFigures;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/// How long the collector of garbage has held up this process, as the JVM notifies of each
/// collection, in whole milliseconds. What a collector does beside the program, as those of the
/// names that end in `Cycles` do, is no pause.
final class GcPauses implements AutoCloseable {
  private static final String COLLECTED = "com.sun.management.gc.notification";
  private static final int HOUR_SECONDS = 3600;
  private static final int SLOTS = 12;

  private final LatencyMeter times = new LatencyMeter(SLOTS, HOUR_SECONDS);
  private final LongSupplier nanos;
  private final NotificationListener listener = (notification, _) -> heard(notification);

  /// @param nanos monotonic time
  GcPauses(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void start() {
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (gc instanceof NotificationEmitter emitter && !gc.getName().endsWith("Cycles")) {
        emitter.addNotificationListener(listener, null, null);
      }
    }
  }

  /// What the JVM tells is read by the names of its parts: the classes that stand for them are not
  /// of Java itself.
  private void heard(Notification notification) {
    if (notification.getType().equals(COLLECTED)
        && notification.getUserData() instanceof CompositeData told
        && told.get("gcInfo") instanceof CompositeData collection
        && collection.get("duration") instanceof Long millis) {
      paused(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  /// The meter has one writer at a time.
  private synchronized void paused(long took) {
    times.record(nanos.getAsLong(), took);
  }

  /// All of one moment.
  synchronized PauseFigures figures() {
    return new PauseFigures(times.all(), times.recent(nanos.getAsLong()));
  }

  @Override
  public void close() {
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (gc instanceof NotificationEmitter emitter) {
        try {
          emitter.removeNotificationListener(listener);
        } catch (ListenerNotFoundException _) {
          // This one was never listened to.
        }
      }
    }
  }
}
