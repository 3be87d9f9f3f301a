// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.service;

import dev.coterie.core.node.NodeView;
import dev.coterie.core.node.Observation;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a node tells operators of work that is not done yet, and of what it did in the background.
///
/// @param sinceMillis wall clock of the start of this boot, ms since 1970; 0 where none has started
/// @param shards how many there are
/// @param unsure whether its copies do not vote because the peers have yet to confirm the store
/// @param clocks whether it tells other owners what it has seen, and hears of them: without, `view`
///   does not say how far they are behind
/// @param view what still has to come to all owners; up to about a second old
/// @param levels the combinations of n, r and w that buckets have, the default first
/// @param sent records sent in the background since the start, by cause
/// @param exchanged records that exchanges have brought since the start
/// @param reaped tombstones that went since the start because every owner had seen them
/// @param alarms raised since the start
public record Standing(
    long sinceMillis,
    int shards,
    boolean unsure,
    boolean clocks,
    NodeView view,
    List<Levels> levels,
    SortedMap<Observation.Cause, Sent> sent,
    long exchanged,
    long reaped,
    long alarms) {
  public static final Standing NONE =
      new Standing(0, 0, false, true, NodeView.EMPTY, List.of(), new TreeMap<>(), 0, 0, 0);

  /// So many copies, of which a read needs `r` and a write `w`.
  ///
  /// @param buckets how many buckets have set properties that come to this
  /// @param sloppy whether in all of them fallbacks count towards `w` where owners are away
  public record Levels(int n, int r, int w, int buckets, boolean sloppy) {
    /// Those of more buckets with the same numbers.
    public Levels plus(Levels more) {
      return new Levels(n, r, w, buckets + more.buckets, sloppy && more.sloppy);
    }
  }

  public record Sent(long records, long bytes) {}

  public Standing {
    levels = List.copyOf(levels);
    sent = Collections.unmodifiableSortedMap(sent);
  }
}
