// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What a fallback holds for an owner: a whole record, and the log entries of the writes that have
/// been joined into it. Each entry's dot is in the record's context (INV-hint-covers), so an owner
/// that joins the record may enter the dots into its clock.
///
/// @param entries one for each write, in order of their dots
/// @param sinceMillis what the holder's wall clock read when the first of its writes came, for
///   people; 0 where nobody knows, as on the wire
public record Hint(KeyRecord record, List<LogEntry> entries, long sinceMillis) {
  public static final Hint EMPTY = new Hint(KeyRecord.EMPTY, List.of());

  /// What a hint takes beside its values and entries, about.
  private static final long OVERHEAD_BYTES = 192;

  private static final long ENTRY_BYTES = 64;

  public Hint {
    entries = Collections.unmodifiableList(entries);
  }

  /// A hint of which nobody knows how old it is.
  public Hint(KeyRecord record, List<LogEntry> entries) {
    this(record, entries, 0);
  }

  public boolean isEmpty() {
    return record.isEmpty() && entries.isEmpty();
  }

  /// This hint after a write was joined into it: `written` is the writer's whole record.
  public Hint with(KeyRecord written, LogEntry entry) {
    List<LogEntry> more = new ArrayList<>(entries.size() + 1);
    boolean known = false;
    for (LogEntry each : entries) {
      known |= each.dot().equals(entry.dot());
      more.add(each);
    }
    if (!known) {
      more.add(entry);
      more.sort((a, b) -> a.dot().compareTo(b.dot()));
    }
    return new Hint(record.join(written), more, sinceMillis);
  }

  /// This hint, whose first write has just come.
  public Hint since(long wallMillis) {
    return new Hint(record, entries, wallMillis);
  }

  /// The writes that would be lost with this hint: those whose values it holds, and those whose log
  /// entries it does.
  public DotSet dots() {
    DotSet dots = DotSet.EMPTY;
    for (Dot dot : record.dots()) {
      dots = dots.with(dot);
    }
    for (LogEntry entry : entries) {
      dots = dots.with(entry.dot());
    }
    return dots;
  }

  /// About how much room it takes, the same in every boot.
  public long bytes() {
    return OVERHEAD_BYTES + record.valueBytes() + ENTRY_BYTES * entries.size();
  }
}
