// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import java.util.ArrayList;
import java.util.List;

/// What is left of a record by a wall clock: a value is expired from the millisecond on that is
/// stored with it. Pure; whoever asks brings the time, and takes the grace from it where it wants
/// to be sure that every other clock has passed that moment too.
public final class Expiry {
  private Expiry() {}

  public static boolean isExpired(Sibling sibling, long wallMillis) {
    return sibling.expiryMillis() > 0 && sibling.expiryMillis() <= wallMillis;
  }

  /// The record as a client is shown it: without what has expired, with its whole context, so that
  /// the next write replaces what is not shown.
  public static KeyRecord visible(KeyRecord record, long wallMillis) {
    if (expired(record, wallMillis).isEmpty()) {
      return record;
    }
    return new KeyRecord(live(record, wallMillis), record.context());
  }

  /// The values that have not expired.
  public static List<Sibling> live(KeyRecord record, long wallMillis) {
    List<Sibling> live = new ArrayList<>(record.siblings().size());
    for (Sibling sibling : record.siblings()) {
      if (!isExpired(sibling, wallMillis)) {
        live.add(sibling);
      }
    }
    return live;
  }

  /// The dots of the values that have expired.
  public static DotSet expired(KeyRecord record, long wallMillis) {
    DotSet expired = DotSet.EMPTY;
    for (Sibling sibling : record.siblings()) {
      if (isExpired(sibling, wallMillis)) {
        expired = expired.with(sibling.dot());
      }
    }
    return expired;
  }

  /// Whether the record says no more than a tombstone: it has a context, and no value that has not
  /// expired.
  public static boolean isOver(KeyRecord record, long wallMillis) {
    for (Sibling sibling : record.siblings()) {
      if (!isExpired(sibling, wallMillis)) {
        return false;
      }
    }
    return !record.isEmpty();
  }

  /// The record with another end for each value that has one: for bugs on purpose.
  public static KeyRecord restarted(KeyRecord record, long endMillis) {
    List<Sibling> siblings = new ArrayList<>(record.siblings().size());
    for (Sibling sibling : record.siblings()) {
      siblings.add(
          sibling.expiryMillis() == 0
              ? sibling
              : new Sibling(
                  sibling.dot(),
                  sibling.value(),
                  sibling.valueHash(),
                  endMillis,
                  sibling.operation(),
                  sibling.stamp()));
    }
    return new KeyRecord(siblings, record.context());
  }

  /// From when on [#isOver] holds; 0 where there is no value, or one that stays for ever.
  public static long endsAt(KeyRecord record) {
    long last = 0;
    for (Sibling sibling : record.siblings()) {
      if (sibling.expiryMillis() == 0) {
        return 0;
      }
      last = Math.max(last, sibling.expiryMillis());
    }
    return last;
  }

  /// Whether an owner that holds `held`, and whose clock is `seen`, has all that the join `merged`
  /// has: the same values, and all the rest seen by its record or its clock. What has expired makes
  /// no difference: an owner that still holds it and one that has reaped it are in step, as are one
  /// that keeps a tombstone and one that has reaped that, and one that has folded its context and
  /// one that has not yet.
  public static boolean agrees(KeyRecord held, GroupClock seen, KeyRecord merged, long wallMillis) {
    List<Sibling> live = live(merged, wallMillis);
    List<Sibling> mine = live(held, wallMillis);
    if (live.size() != mine.size()) {
      return false;
    }
    for (int i = 0; i < live.size(); i++) {
      if (!live.get(i).dot().equals(mine.get(i).dot())) {
        return false;
      }
    }
    DotSet lacks = merged.context().dots().minus(held.context().dots());
    return lacks.isEmpty() || seen.containsAll(lacks);
  }
}
