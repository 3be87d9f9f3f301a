// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.core.explain.KeyReport;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Who waits for an answer of a process, by the number of the request. Every number is given out
/// once, and whoever waits is told once.
final class Callers {
  private final Map<Long, Consumer<Outcome>> clients = new LinkedHashMap<>();
  private final Map<Long, SimNode.Properties> properties = new LinkedHashMap<>();
  private final Map<Long, SimNode.Explained> explaining = new LinkedHashMap<>();
  private long requests;

  /// The number of a client's request.
  long client(Consumer<Outcome> reply) {
    clients.put(++requests, reply);
    return requests;
  }

  /// The number of a change of properties.
  long properties(SimNode.Properties answer) {
    properties.put(++requests, answer);
    return requests;
  }

  /// The number of a question why a key is as it is.
  long explaining(SimNode.Explained asked) {
    explaining.put(++requests, asked);
    return requests;
  }

  void respond(long request, Outcome outcome) {
    Consumer<Outcome> client = clients.remove(request);
    if (client != null) {
      client.accept(outcome);
    }
  }

  void propertiesAnswered(long request, int told, int members) {
    SimNode.Properties waiting = properties.remove(request);
    if (waiting != null) {
      waiting.answered("", told, members);
    }
  }

  void propertiesRefused(long request, Reason reason) {
    SimNode.Properties waiting = properties.remove(request);
    if (waiting != null) {
      waiting.answered(reason.detail(), 0, 0);
    }
  }

  void explained(long request, KeyReport report) {
    SimNode.Explained asked = explaining.remove(request);
    if (asked != null) {
      asked.explained(report);
    }
  }

  void notExplained(long request, Reason reason) {
    SimNode.Explained asked = explaining.remove(request);
    if (asked != null) {
      asked.refused(reason.detail());
    }
  }

  /// The clients that still wait, first come first.
  List<Consumer<Outcome>> waiting() {
    return new ArrayList<>(clients.values());
  }
}
