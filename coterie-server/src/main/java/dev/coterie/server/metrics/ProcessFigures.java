// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.metrics;

import dev.coterie.server.process.Release;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What the operating system and the JVM say of this process, under the names that Prometheus's own
/// clients use.
final class ProcessFigures {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessFigures() {}

  static void add(Families out) {
    Families.Gauges build = out.gauges("coterie_build_info", "1 for the release that runs.");
    build.add(Labels.of("version", Release.version()), 1);
    build.end();
    long resident = residentBytes();
    if (resident > 0) {
      out.gauge(
          "process_resident_memory_bytes", "Memory of this process that is in RAM.", resident);
    }
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .ifPresent(
            cpu ->
                out.counter(
                    "process_cpu_seconds", "CPU time of this process since its start.", s(cpu)));
    out.gauge(
        "process_start_time_seconds",
        "When this process started, in seconds since 1970.",
        ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    out.gauge("jvm_heap_used_bytes", "Heap in use.", heap.getUsed());
    out.gauge("jvm_heap_max_bytes", "Heap that may be used.", heap.getMax());
    out.gauge("jvm_threads", "Live threads.", ManagementFactory.getThreadMXBean().getThreadCount());
    SummarySnapshot.Builder pauses =
        SummarySnapshot.builder()
            .name("jvm_gc_collection_seconds")
            .help("Collections of the JVM's garbage collectors and the time they took.");
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      pauses.dataPoint(
          SummarySnapshot.SummaryDataPointSnapshot.builder()
              .labels(Labels.of("gc", gc.getName()))
              .count(Math.max(0, gc.getCollectionCount()))
              .sum(Math.max(0, gc.getCollectionTime()) / 1000.0)
              .quantiles(Quantiles.EMPTY)
              .build());
    }
    out.add(pauses.build());
  }

  private static double s(Duration duration) {
    return (double) duration.toNanos() / 1e9;
  }

  /// From Linux's `/proc`; 0 where there is none.
  private static long residentBytes() {
    try {
      for (String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("VmRSS:")) {
          String kibibytes = line.substring("VmRSS:".length()).replace("kB", "").strip();
          return Long.parseLong(kibibytes) * 1024;
        }
      }
    } catch (IOException | NumberFormatException _) {
      return 0;
    }
    return 0;
  }
}
