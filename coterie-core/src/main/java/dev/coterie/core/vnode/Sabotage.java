// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The planted bugs of a vnode that need more than a branch in its own text.
final class Sabotage {
  private static final int ACTORS_KEPT = 2;

  private Sabotage() {}

  /// What a mint leaves: `record`, unless a bug is planted.
  static KeyRecord minted(Vnode.Config config, KeyRecord record, Dot dot, List<Dot> replaced) {
    if (config.plants().has(Plant.TOMBSTONE_FORGETS_CONTEXT) && record.isTombstone()) {
      CausalContext context = CausalContext.of(dot);
      for (Dot gone : replaced) {
        context = context.with(gone);
      }
      return new KeyRecord(List.of(), context);
    }
    if (config.plants().has(Plant.CONTEXT_PRUNED)
        && record.context().dots().actorCount() > ACTORS_KEPT) {
      DotSet kept = DotSet.of(dot);
      for (Sibling sibling : record.siblings()) {
        kept = kept.with(sibling.dot());
      }
      DotSet all = record.context().dots();
      for (int i = all.actorCount() - 1; i >= 0 && kept.actorCount() < ACTORS_KEPT; i--) {
        kept = kept.union(all.only(i));
      }
      return new KeyRecord(record.siblings(), new CausalContext(kept));
    }
    if (config.plants().has(Plant.SIBLINGS_TRIMMED)
        && record.siblings().size() > config.siblingsMax()) {
      List<Sibling> kept = new ArrayList<>(record.siblings());
      for (int i = 0; kept.size() > config.siblingsMax(); ) {
        if (kept.get(i).dot().equals(dot)) {
          i++;
        } else {
          kept.remove(i);
        }
      }
      return new KeyRecord(kept, record.context());
    }
    return record;
  }

  /// What a last-write-wins write replaces: all that is held, unless a bug is planted.
  static CausalContext lastWrite(
      Vnode.Config config, KeyRecord held, long stamp, CausalContext seen) {
    CausalContext all = seen;
    for (Sibling sibling : held.siblings()) {
      all = all.with(sibling.dot());
    }
    if (!config.plants().has(Plant.LWW_CLOCK_OVER_CAUSE)) {
      return all;
    }
    DotSet later = DotSet.EMPTY;
    for (Sibling sibling : held.siblings()) {
      later = sibling.stamp() > stamp ? later.with(sibling.dot()) : later;
    }
    return all.without(later);
  }

  /// What is left of a record whose winner has expired or is a delete; null for a tombstone, unless
  /// a bug is planted.
  static @Nullable KeyRecord settled(Vnode.Config config, KeyRecord held, long wallMillis) {
    if (!config.plants().has(Plant.LWW_DELETE_REAPED_ALONE)) {
      return null;
    }
    return Expiry.visible(held, wallMillis);
  }

  /// Whether a tombstone goes too early.
  static boolean reaps(Vnode.Config config, DotSet context, DotSet forgotten, DotSet logged) {
    return (config.plants().has(Plant.TOMBSTONE_DROPPED_BY_LOG_BOUND)
            && !forgotten.intersect(context).isEmpty())
        || (config.plants().has(Plant.REAP_WITH_LOG_ENTRY) && logged.intersect(context).isEmpty());
  }

  /// Every dot that `context` claims.
  static List<Dot> every(CausalContext context) {
    List<Dot> dots = new ArrayList<>();
    DotSet set = context.dots();
    for (int i = 0; i < set.actorCount(); i++) {
      long[] bounds = set.bounds(i);
      for (int j = 0; j < bounds.length; j += 2) {
        for (long counter = bounds[j]; counter <= bounds[j + 1]; counter++) {
          dots.add(new Dot(set.actor(i), counter));
        }
      }
    }
    return dots;
  }
}
