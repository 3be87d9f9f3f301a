// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import java.util.Collections;
import java.util.List;

/// What one replica holds and knows of one key, for people: record and clock of one snapshot.
///
/// @param record empty where there is none or where it cannot be read; without the bytes of its
///   values unless these were asked for
/// @param forgotten what the log has dropped of the clock
/// @param arrivals one for each value
/// @param log the entries of this key that are still in the log, at most [#LOG_MAX]
/// @param lacking the other owners that have not told to have all of the record's context: while
///   there is one, a tombstone waits
public record ReplicaView(
    Health health,
    KeyRecord record,
    GroupClock clock,
    DotSet forgotten,
    List<Arrival> arrivals,
    List<LogEntry> log,
    List<NodeId> lacking) {
  public static final int LOG_MAX = 256;

  /// Append only: the place in the list travels.
  public enum Health {
    WHOLE,
    /// The copy is being filled: no vote.
    COPYING,
    /// The peers have yet to confirm the store: no vote.
    UNSURE,
    /// The record fails its checksum.
    DAMAGED,
    /// The disk would not give the record.
    UNREADABLE,
    /// The node does not own the key under its placement.
    NOT_OWNER
  }

  public ReplicaView {
    arrivals = Collections.unmodifiableList(arrivals);
    log = Collections.unmodifiableList(log);
    lacking = Collections.unmodifiableList(lacking);
  }

  /// Nothing can be told of the record.
  public static ReplicaView without(Health health) {
    return new ReplicaView(
        health, KeyRecord.EMPTY, GroupClock.EMPTY, DotSet.EMPTY, List.of(), List.of(), List.of());
  }

  /// The note about one of the record's values; one that says nothing where there is none.
  public Arrival arrivalOf(Sibling sibling) {
    for (Arrival arrival : arrivals) {
      if (arrival.dot().equals(sibling.dot())) {
        return arrival;
      }
    }
    return new Arrival(
        sibling.dot(),
        Arrival.Path.UNKNOWN,
        sibling.dot().actor().node(),
        0,
        sibling.value().length(),
        Bytes.EMPTY);
  }

  /// Whether `record` is what the disk holds.
  public boolean isReadable() {
    return switch (health) {
      case WHOLE, COPYING, UNSURE -> true;
      case DAMAGED, UNREADABLE, NOT_OWNER -> false;
    };
  }
}
