// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import java.util.concurrent.atomic.LongAdder;

/// Counts of one listener: responses by method and status, and connections refused. Written by all
/// event loops.
public final class HttpMeters {
  private final LongAdder[] responses =
      new LongAdder[Verb.values().length * Status.values().length];
  private final LongAdder connectionsRefused = new LongAdder();

  public HttpMeters() {
    for (int i = 0; i < responses.length; i++) {
      responses[i] = new LongAdder();
    }
  }

  /// Sees each count that is not 0.
  public interface Reader {
    void responses(String method, int status, long count);
  }

  void answered(Verb verb, Status status) {
    responses[verb.ordinal() * Status.values().length + status.ordinal()].increment();
  }

  void connectionRefused() {
    connectionsRefused.increment();
  }

  public long connectionsRefused() {
    return connectionsRefused.sum();
  }

  public void read(Reader reader) {
    for (Verb verb : Verb.values()) {
      for (Status status : Status.values()) {
        long count = responses[verb.ordinal() * Status.values().length + status.ordinal()].sum();
        if (count != 0) {
          reader.responses(verb.name(), status.code(), count);
        }
      }
    }
  }
}
