// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.chaos.Operation.Call;
import dev.coterie.server.chaos.Operation.Kind;
import dev.coterie.server.chaos.Operation.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Every operation of the run, as clients log it, the present round's apart. May be used by many
/// threads.
final class History {
  private final Clock clock;
  private final AtomicInteger lastId = new AtomicInteger();
  private final List<Operation> operations = new ArrayList<>();
  private final Map<Outcome, AtomicLong> reads = counters();
  private final Map<Outcome, AtomicLong> writes = counters();

  History(Clock clock) {
    this.clock = clock;
  }

  private static Map<Outcome, AtomicLong> counters() {
    Map<Outcome, AtomicLong> counters = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      counters.put(outcome, new AtomicLong());
    }
    return counters;
  }

  /// A call that is about to be sent.
  Call call(int id, Kind kind, String key, Client client, String node, int needed) {
    List<Integer> seen = kind == Kind.GET ? List.of() : client.seen(key);
    return new Call(id, kind, key, client.name(), node, needed, seen, clock.now());
  }

  long now() {
    return clock.now();
  }

  int nextId() {
    return lastId.incrementAndGet();
  }

  /// What came of it, just now.
  void over(Call call, Outcome outcome, List<Integer> values, String sentence) {
    Operation operation = new Operation(call, clock.now(), outcome, values, sentence);
    AtomicLong counter = (call.isWrite() ? writes : reads).get(outcome);
    if (counter != null) {
      counter.incrementAndGet();
    }
    synchronized (operations) {
      operations.add(operation);
    }
  }

  /// The operations since this was last called.
  List<Operation> take() {
    synchronized (operations) {
      List<Operation> taken = List.copyOf(operations);
      operations.clear();
      return taken;
    }
  }

  long reads(Outcome outcome) {
    AtomicLong counter = reads.get(outcome);
    return counter == null ? 0 : counter.get();
  }

  long writes(Outcome outcome) {
    AtomicLong counter = writes.get(outcome);
    return counter == null ? 0 : counter.get();
  }

  long all(Outcome outcome) {
    return reads(outcome) + writes(outcome);
  }
}
