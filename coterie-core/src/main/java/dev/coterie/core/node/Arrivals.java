// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.Arrival;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;

/// How the last [#KEPT_MAX] values came to this shard, for people who ask. In memory only: above
/// the bound the oldest note goes, and at a restart all do; then a value's path is unknown
/// (decision 0014 says why it is not stored).
final class Arrivals {
  static final int KEPT_MAX = 16_384;

  private record Note(Arrival.Path path, NodeId from, long atNanos) {}

  private final LinkedHashMap<Dot, Note> notes = new LinkedHashMap<>();

  void note(Dot dot, Arrival.Path path, NodeId from, long nowNanos) {
    notes.putLast(dot, new Note(path, from, nowNanos));
    if (notes.size() > KEPT_MAX) {
      Iterator<Dot> oldest = notes.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  int kept() {
    return notes.size();
  }

  /// What is known of how `sibling` came to `self`.
  Arrival of(Sibling sibling, NodeId self, long nowNanos) {
    Note note = notes.get(sibling.dot());
    byte[] value = sibling.value().array();
    Bytes head =
        value.length <= Arrival.HEAD_MAX
            ? sibling.value()
            : Bytes.of(Arrays.copyOf(value, Arrival.HEAD_MAX));
    return note == null
        ? new Arrival(sibling.dot(), Arrival.Path.UNKNOWN, self, 0, value.length, head)
        : new Arrival(
            sibling.dot(), note.path, note.from, nowNanos - note.atNanos, value.length, head);
  }
}
