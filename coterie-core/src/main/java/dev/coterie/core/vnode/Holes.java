// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import java.util.ArrayList;
import java.util.List;

/// The holes of a copy: hashes of keys (unsigned) whose records were dropped because the disk would
/// not give them, and which the other owners have not all told yet. Ranges in order, none of which
/// meet; above the bound the two last are joined: more then counts as unreadable, never less.
public record Holes(List<Range> ranges) {
  /// Ranges that are told apart.
  public static final int RANGES_MAX = 64;

  public static final Holes NONE = new Holes(List.of());

  /// Hashes from `first` to `last`, both in it.
  public record Range(long first, long last) {}

  public Holes {
    ranges = List.copyOf(ranges);
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  public boolean contains(long hash) {
    for (Range range : ranges) {
      if (Long.compareUnsigned(range.first(), hash) <= 0
          && Long.compareUnsigned(hash, range.last()) <= 0) {
        return true;
      }
    }
    return false;
  }

  /// These and the hashes from `first` to `last`.
  public Holes with(long first, long last) {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.add(new Range(first, last));
    sorted.sort((one, other) -> Long.compareUnsigned(one.first(), other.first()));
    List<Range> joined = new ArrayList<>();
    for (Range next : sorted) {
      Range before = joined.isEmpty() ? null : joined.getLast();
      if (before != null
          && (Long.compareUnsigned(next.first(), before.last()) <= 0
              || joined.size() == RANGES_MAX)) {
        boolean further = Long.compareUnsigned(next.last(), before.last()) > 0;
        joined.set(
            joined.size() - 1, new Range(before.first(), further ? next.last() : before.last()));
      } else {
        joined.add(next);
      }
    }
    return new Holes(joined);
  }
}
