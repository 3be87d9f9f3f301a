// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.vnode.Change;
import java.util.ArrayList;
import java.util.List;

/// Collects what a node wants done while a host drains its inbox; emptied by the host.
public final class Effects {
  private final List<Effect> effects = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private boolean syncWanted;
  private int inbox;

  public void add(Effect effect) {
    effects.add(effect);
  }

  public void change(Change change) {
    changes.add(change);
  }

  /// Somebody waits until the batch that is being collected is durable.
  public void wantSync() {
    syncWanted = true;
  }

  public List<Effect> effects() {
    return effects;
  }

  /// How many events wait behind the one that is stepped through now.
  public void inbox(int waiting) {
    inbox = waiting;
  }

  public int inbox() {
    return inbox;
  }

  /// All changes since the last batch: to be written atomically, in this order.
  public List<Change> changes() {
    return changes;
  }

  public boolean syncWanted() {
    return syncWanted;
  }

  /// The host has taken the batch.
  public void batchTaken() {
    changes.clear();
    syncWanted = false;
  }
}
