// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.server.metrics.HttpFigures;
import java.util.concurrent.atomic.LongAdder;

/// Counts of one listener: responses by method and status, and connections refused. Written by all
/// event loops.
final class HttpMeters {
  private final LongAdder[] responses =
      new LongAdder[Verb.values().length * Status.values().length];
  private final LongAdder connectionsRefused = new LongAdder();

  HttpMeters() {
    for (int i = 0; i < responses.length; i++) {
      responses[i] = new LongAdder();
    }
  }

  void answered(Verb verb, Status status) {
    responses[verb.ordinal() * Status.values().length + status.ordinal()].increment();
  }

  void connectionRefused() {
    connectionsRefused.increment();
  }

  long connectionsRefused() {
    return connectionsRefused.sum();
  }

  void read(HttpFigures.Responses reader) {
    for (Verb verb : Verb.values()) {
      for (Status status : Status.values()) {
        long count = responses[verb.ordinal() * Status.values().length + status.ordinal()].sum();
        if (count != 0) {
          reader.count(verb.name(), status.code(), count);
        }
      }
    }
  }
}
