// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import dev.coterie.core.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Last write wins: which of a record's siblings stands for all of them. It is a way of looking at
/// a record, never of joining two: copies keep all siblings, in such a bucket as in any other. A
/// sibling that the join of two copies dropped by its timestamp alone would be lost together with
/// the one that it lost to: with `v1@10`, `v2@5` that had seen `v1`, and `v3@7`, one copy holds
/// `v1` alone and then `v2`, another `v2` and then `v3` alone, and each has seen what the other
/// holds.
///
/// A delete is a sibling too, without a value: it competes like one. It has expired long ago, so
/// that it is shown to nobody and goes as what has expired does.
public final class LastWrite {
  /// The end of a delete: an hour whose hash trees nobody compares.
  public static final long DELETED_MILLIS = 3_600_000L;

  private LastWrite() {}

  /// What a write in such a bucket threw away of the values that its copy held, that had not
  /// expired, and that nobody had deleted.
  ///
  /// @param concurrent values that had lost against another sibling, or that a client replaced with
  ///   the context of an earlier read: they were written at the same time as others
  /// @param blind values that a client replaced without any context
  public record Loss(int concurrent, int blind) {
    public static final Loss NONE = new Loss(0, 0);

    public boolean isNone() {
      return concurrent == 0 && blind == 0;
    }
  }

  /// The delete `dot` as a sibling.
  public static Sibling deleted(Dot dot, long valueHash, Bytes operation, long stamp) {
    return new Sibling(dot, Bytes.EMPTY, valueHash, DELETED_MILLIS, operation, stamp);
  }

  public static boolean isDelete(Sibling sibling) {
    return sibling.stamp() > 0 && sibling.expiryMillis() == DELETED_MILLIS;
  }

  /// Whether `one` wins against `other`: by the later timestamp, and where they are equal by the
  /// dot, for the whole value.
  public static boolean beats(Sibling one, Sibling other) {
    return one.stamp() == other.stamp()
        ? one.dot().compareTo(other.dot()) > 0
        : one.stamp() > other.stamp();
  }

  /// The sibling that wins against all others; null where there is none. One that has expired, or
  /// is a delete, wins too: what it beats does not come back.
  public static @Nullable Sibling winner(KeyRecord record) {
    Sibling winner = null;
    for (Sibling sibling : record.siblings()) {
      winner = winner == null || beats(sibling, winner) ? sibling : winner;
    }
    return winner;
  }

  /// The record as a client is shown it: the winner alone, where it has not expired, with the whole
  /// context, so that the next write replaces all.
  public static KeyRecord view(KeyRecord record, long wallMillis) {
    Sibling winner = winner(record);
    return view(record, winner, wallMillis);
  }

  /// The record with `winner` for its only value.
  public static KeyRecord view(KeyRecord record, @Nullable Sibling winner, long wallMillis) {
    boolean shown = winner != null && !Expiry.isExpired(winner, wallMillis);
    return new KeyRecord(shown ? List.of(winner) : List.of(), record.context());
  }

  /// When nothing of the record will be shown any more, because its winner ends; 0 where it stays
  /// for ever, or has no timestamp.
  public static long endsAt(KeyRecord record) {
    Sibling winner = record.siblings().size() < 2 ? null : winner(record);
    return winner == null || winner.stamp() == 0 ? 0 : winner.expiryMillis();
  }

  /// Whether nothing of the record is shown, though not all of it has expired: its winner has, or
  /// is a delete.
  public static boolean isHidden(KeyRecord record, long wallMillis) {
    Sibling winner = record.siblings().size() < 2 ? null : winner(record);
    return winner != null
        && winner.stamp() > 0
        && Expiry.isExpired(winner, wallMillis)
        && !Expiry.isOver(record, wallMillis);
  }

  /// Whether `one`, which has expired, must be kept because of another that has not: it beats one
  /// of `record`, which would be shown again without it.
  public static boolean hides(Sibling one, KeyRecord record, long wallMillis) {
    boolean hides = false;
    for (Sibling other : record.siblings()) {
      hides |= one.stamp() > 0 && beats(one, other) && !Expiry.isExpired(other, wallMillis);
    }
    return hides;
  }

  /// What goes where `held` is replaced by a write whose client had seen `seen`.
  public static Loss loss(KeyRecord held, CausalContext seen, long wallMillis) {
    Sibling winner = winner(held);
    int concurrent = 0;
    int blind = 0;
    for (Sibling sibling : held.siblings()) {
      if (Expiry.isExpired(sibling, wallMillis)) {
        continue;
      }
      if (sibling != winner) {
        concurrent++;
      } else if (!seen.contains(sibling.dot())) {
        concurrent += seen.isEmpty() ? 0 : 1;
        blind += seen.isEmpty() ? 1 : 0;
      }
    }
    return concurrent + blind == 0 ? Loss.NONE : new Loss(concurrent, blind);
  }

  /// A bug that may be planted: the record without what its winner beats.
  public static KeyRecord losersDropped(KeyRecord record) {
    Sibling winner = winner(record);
    List<Sibling> kept = new ArrayList<>();
    for (Sibling sibling : record.siblings()) {
      if (sibling == winner || sibling.stamp() == 0) {
        kept.add(sibling);
      }
    }
    return new KeyRecord(kept, record.context());
  }
}
