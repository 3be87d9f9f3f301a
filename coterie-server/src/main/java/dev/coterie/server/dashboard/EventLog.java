// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;

/// The last things that happened at this node and that an operator may ask after. Bounded: the
/// oldest goes. What happens again within a minute is counted and not listed again. Thread-safe.
public final class EventLog {
  private static final int KEPT = 256;
  private static final long AGAIN_MILLIS = 60_000;
  private static final int SENTENCE_MAX = 400;

  /// How much it matters.
  public enum Weight {
    /// It is well again, or was meant.
    NOTE,
    /// Something is away or late.
    WATCH,
    /// Something is lost, damaged or refused.
    GRAVE
  }

  /// @param id stays
  /// @param sequence grows whenever it happens again
  /// @param lastMillis when it last happened, on the wall clock
  /// @param kind a word for programs
  /// @param about the node or group that it is about; empty for this node
  record Happened(
      long id,
      long sequence,
      long firstMillis,
      long lastMillis,
      long times,
      String kind,
      Weight weight,
      String about,
      String sentence) {}

  private final ArrayDeque<Happened> all = new ArrayDeque<>();
  private final LongSupplier wallMillis;
  private final long since;
  private long sequence;

  public EventLog(LongSupplier wallMillis) {
    this.wallMillis = wallMillis;
    this.since = wallMillis.getAsLong();
  }

  /// Names this log among all that the node has had: sequences begin anew with each.
  long since() {
    return since;
  }

  public synchronized void note(Weight weight, String kind, String about, String sentence) {
    long now = wallMillis.getAsLong();
    String shown =
        sentence.length() > SENTENCE_MAX ? sentence.substring(0, SENTENCE_MAX) + "…" : sentence;
    Happened again = null;
    for (Iterator<Happened> each = all.descendingIterator(); each.hasNext() && again == null; ) {
      Happened one = each.next();
      if (one.kind().equals(kind) && one.about().equals(about)) {
        again = one;
      }
    }
    sequence++;
    boolean counts = weight != Weight.NOTE || !about.isEmpty();
    if (again != null && now - again.lastMillis() < AGAIN_MILLIS && counts) {
      all.remove(again);
      all.addLast(
          new Happened(
              again.id(),
              sequence,
              again.firstMillis(),
              now,
              again.times() + 1,
              kind,
              weight,
              about,
              shown));
      return;
    }
    all.addLast(new Happened(sequence, sequence, now, now, 1, kind, weight, about, shown));
    if (all.size() > KEPT) {
      all.removeFirst();
    }
  }

  /// The newest `most` after `sequence`, in order.
  synchronized List<Happened> after(long known, int most) {
    List<Happened> later = new ArrayList<>();
    for (Happened one : all) {
      if (one.sequence() > known) {
        later.add(one);
      }
    }
    return later.subList(Math.max(0, later.size() - most), later.size());
  }
}
