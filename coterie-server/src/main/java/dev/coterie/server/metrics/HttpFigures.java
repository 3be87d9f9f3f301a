// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.metrics;

/// What the listener for clients counts, as the metrics need it.
public interface HttpFigures {
  /// Sees each count that is not 0.
  interface Responses {
    void count(String method, int status, long count);
  }

  void responses(Responses reader);

  int connections();

  long connectionsRefused();

  int inFlight();

  /// Bytes of request bodies in memory.
  long requestBytes();
}
