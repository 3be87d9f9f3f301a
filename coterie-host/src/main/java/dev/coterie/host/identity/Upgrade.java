// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import java.util.List;

/// Brings a store from format `from` to `from + 1`, in place. Must be repeatable: a crash in the
/// middle leaves the old format number in the store's row, and the next start runs it again.
public record Upgrade(int from, Step step) {
  @FunctionalInterface
  public interface Step {
    void apply(Store store) throws StoreException;
  }

  /// All upgrades that this program knows, oldest first. None yet: format 1 is the first.
  public static List<Upgrade> known() {
    return List.of();
  }

  /// Whether `upgrades` lead from `format` to `target` without a gap.
  static boolean reach(long format, int target, List<Upgrade> upgrades) {
    long reached = format;
    for (Upgrade upgrade : upgrades) {
      if (upgrade.from() == reached) {
        reached++;
      }
    }
    return reached == target;
  }
}
