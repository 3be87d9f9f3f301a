// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.host.service.NodeStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The last alarm of each kind, with how often and when: a storm of one kind pushes no other out.
/// Bounded by the kinds that there are. Thread-safe.
final class LastAlarms {
  private record Raised(String sentence, long times, long nanos, long order) {}

  private final LongSupplier nanos;
  private final TreeMap<String, Raised> last = new TreeMap<>();
  private final TreeSet<String> lasting = new TreeSet<>();
  private long order;

  LastAlarms(LongSupplier nanos) {
    this.nanos = nanos;
  }

  synchronized void add(String kind, String sentence) {
    Raised before = last.get(kind);
    long times = before == null ? 1 : before.times() + 1;
    order++;
    last.put(kind, new Raised(sentence, times, nanos.getAsLong(), order));
  }

  /// What alarms of `kind` tell of holds until it ends.
  synchronized void begin(String kind) {
    lasting.add(kind);
  }

  synchronized void end(String kind) {
    lasting.remove(kind);
  }

  synchronized void endAll() {
    lasting.clear();
  }

  /// Newest last.
  synchronized List<NodeStatus.LastAlarm> all() {
    long now = nanos.getAsLong();
    List<NodeStatus.LastAlarm> all = new ArrayList<>();
    last.entrySet().stream()
        .sorted(Comparator.comparingLong(each -> each.getValue().order()))
        .forEach(
            each -> {
              Raised raised = each.getValue();
              all.add(
                  new NodeStatus.LastAlarm(
                      each.getKey(),
                      raised.sentence(),
                      raised.times(),
                      TimeUnit.NANOSECONDS.toMillis(now - raised.nanos()),
                      lasting.contains(each.getKey())));
            });
    return all;
  }
}
