// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.core.message.ObjectKey;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The keys that an alarm was raised for a short while ago: what stays as it is deserves one alarm
/// a minute, not one for every write. Remembers [#KEYS_MAX] keys; beyond that the one that was
/// alarmed first is forgotten, and may be alarmed again. Thread-safe.
final class AlarmedKeys {
  static final int KEYS_MAX = 256;
  private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LongSupplier nanos;
  private final LinkedHashMap<ObjectKey, Long> alarmedAt = new LinkedHashMap<>();

  AlarmedKeys(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// Whether an alarm for `key` is due; if so it counts as raised.
  synchronized boolean due(ObjectKey key) {
    long now = nanos.getAsLong();
    Long before = alarmedAt.get(key);
    if (before != null && now - before < AGAIN_NANOS) {
      return false;
    }
    alarmedAt.remove(key); // to the end of the order
    alarmedAt.put(key, now);
    if (alarmedAt.size() > KEYS_MAX) {
      alarmedAt.pollFirstEntry();
    }
    return true;
  }
}
