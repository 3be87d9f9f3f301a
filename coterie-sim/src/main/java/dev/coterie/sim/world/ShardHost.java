// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.PeerClocks;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Reason;
import dev.coterie.core.node.Observation;
import dev.coterie.host.driver.NodeDriver;
import dev.coterie.host.store.StoreException;

/// Whoever turns one shard of a process: hands its answers to those who wait, its news to the other
/// shards, and wakes it by the agenda of the world.
final class ShardHost implements NodeDriver.Host {
  private final World world;
  private final SimProcess process;
  private final int shard;

  /// When the shard is woken next; never where no tick is planned.
  private long wake = Long.MAX_VALUE;

  ShardHost(World world, SimProcess process, int shard) {
    this.world = world;
    this.process = process;
    this.shard = shard;
  }

  @Override
  public void respond(long request, Outcome outcome) {
    process.callers().respond(request, outcome);
  }

  @Override
  public void observed(Observation what) {
    world.observed(process.id(), what);
  }

  @Override
  public void wakeAt(long nanos) {
    long at = process.whenAt(nanos);
    if (at >= wake && wake > world.now()) {
      return; // an earlier tick comes first and asks again
    }
    wake = at;
    world
        .agenda()
        .at(
            at,
            () ->
                process.whenAwake(
                    () -> {
                      wake = Long.MAX_VALUE;
                      process.wake(shard);
                    }));
  }

  @Override
  public void syncWanted(long batch) {
    process.sync(shard, batch);
  }

  @Override
  public void propertiesChanged(PropertiesEntry entry) {
    process.router().propertiesChanged(shard, entry);
  }

  @Override
  public void propertiesKnown() {
    process.router().propertiesKnown();
  }

  @Override
  public void propertiesAnswered(long request, int told, int members) {
    process.callers().propertiesAnswered(request, told, members);
  }

  @Override
  public void propertiesRefused(long request, Reason reason) {
    process.callers().propertiesRefused(request, reason);
  }

  @Override
  public void livenessChanged(MemberView view) {
    process.router().livenessChanged(view);
  }

  @Override
  public void clocksMeasured(PeerClocks.Range most) {
    process.router().clocksMeasured(most);
  }

  @Override
  public void memberMissed(NodeId node) {
    process.router().memberMissed(node);
  }

  @Override
  public void explained(long request, KeyReport report) {
    process.callers().explained(request, report);
  }

  @Override
  public void notExplained(long request, Reason reason) {
    process.callers().notExplained(request, reason);
  }

  @Override
  public void storeFailed(StoreException cause) {
    process.storeFailed(cause);
  }
}
