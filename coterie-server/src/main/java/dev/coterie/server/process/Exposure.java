// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says at the start and every minute which listeners other computers can reach, so that nobody can
/// forget that `insecure = true` stands in a file.
final class Exposure {
  private static final Logger LOG = LoggerFactory.getLogger(Exposure.class);
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String listeners;
  private boolean said;
  private long saidNanos;

  /// @param listeners none where all of them are loopback: then nothing is ever said
  Exposure(List<String> listeners) {
    this.listeners = String.join(", ", listeners);
  }

  /// To be called often.
  void look(long nowNanos) {
    if (listeners.isEmpty() || (said && nowNanos - saidNanos < PAUSE_NANOS)) {
      return;
    }
    said = true;
    saidNanos = nowNanos;
    LOG.atWarn()
        .addKeyValue("event", "insecure")
        .log(
            "insecure = true: {} can be reached from other computers and nothing is encrypted",
            listeners);
  }
}
