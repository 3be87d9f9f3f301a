// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.identity.IdentityPort.IdentityException;
import dev.coterie.host.identity.IdentityPort.Loaded;
import dev.coterie.host.identity.StoreIdentity.Row;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a running node has on its disk: its store, and the identity file that is kept in step with
/// it. Made by [#open], ended by [#stop] or, after a failure, by [#abandon].
///
/// The order of a start: the identity with the new boot is saved, the store's row with it is
/// written and synced, the watermark that covers that row is saved. A crash at any point in between
/// leaves a pair that the next start takes for what it is, and nothing has been minted.
public final class NodeDisk {
  private final IdentityPort port;
  private final Store store;
  private final Verdict.Start verdict;
  private final List<String> remarks;
  private final long openedAt;
  private Identity identity;

  private NodeDisk(
      IdentityPort port,
      Store store,
      Verdict.Start verdict,
      List<String> remarks,
      long openedAt,
      Identity identity) {
    this.port = port;
    this.store = store;
    this.verdict = verdict;
    this.remarks = remarks;
    this.openedAt = openedAt;
    this.identity = identity;
  }

  /// Opens the store in the node's directory.
  @FunctionalInterface
  public interface StoreOpener {
    /// @param afterCleanStop whether every record of the log must be whole
    Store open(boolean afterCleanStop) throws StoreException;
  }

  public sealed interface Opened {
    record Ready(NodeDisk disk) implements Opened {}

    /// Nothing was changed; the store is closed.
    record Refused(Verdict.Refuse verdict) implements Opened {}
  }

  /// @param drawnStoreId 64 random bits
  public static Opened open(
      String clusterId,
      NodeId node,
      IdentityPort port,
      StoreOpener opener,
      List<Upgrade> upgrades,
      long drawnStoreId)
      throws StoreException, IdentityException {
    Opening opening = new Opening(clusterId, node, upgrades);
    Loaded loaded = port.load();
    Verdict.@Nullable Refuse early = opening.refuseIdentity(loaded);
    if (early != null) {
      return new Opened.Refused(early);
    }
    Store store = openStore(loaded, opener);
    boolean ready = false;
    try {
      Row row = StoreIdentity.read(store);
      long openedAt = store.latestSequence();
      switch (opening.judge(loaded, row, openedAt, drawnStoreId)) {
        case Verdict.Refuse refuse -> {
          return new Opened.Refused(refuse);
        }
        case Verdict.Start start -> {
          Identity begun = begin(clusterId, node, loaded, start);
          port.save(begun);
          if (row instanceof Row.Present present) {
            upgrade(store, present.identity().format(), upgrades);
          }
          row(begun).write(store);
          store.sync();
          Identity running = begun.withWatermark(store.latestSequence());
          port.save(running);
          ready = true;
          List<String> remarks = loaded instanceof Loaded.Found found ? found.remarks() : List.of();
          return new Opened.Ready(new NodeDisk(port, store, start, remarks, openedAt, running));
        }
      }
    } finally {
      if (!ready) {
        store.close();
      }
    }
  }

  /// After a clean stop a damaged log is told from a torn one; then what is whole of it is taken
  /// all the same, and the watermark says what is missing.
  private static Store openStore(Loaded loaded, StoreOpener opener) throws StoreException {
    if (loaded instanceof Loaded.Found found && found.identity().cleanStop()) {
      try {
        return opener.open(true);
      } catch (StoreException e) {
        if (e.kind() != StoreException.Kind.CANNOT_OPEN
            && e.kind() != StoreException.Kind.DAMAGED) {
          throw e;
        }
      }
    }
    return opener.open(false);
  }

  private static Identity begin(String clusterId, NodeId node, Loaded loaded, Verdict.Start start) {
    boolean rebuilding = !(start instanceof Verdict.Resume);
    long watermark =
        !(start instanceof Verdict.Amnesiac) && loaded instanceof Loaded.Found found
            ? found.identity().watermark()
            : 0;
    long lostAt =
        switch (start) {
          case Verdict.Fresh _ -> Identity.NEW;
          case Verdict.Amnesiac lost -> lost.boot();
          case Verdict.Resume _ ->
              loaded instanceof Loaded.Found found ? found.identity().lostAt() : start.boot();
        };
    return new Identity(
        clusterId, node, start.storeId(), start.boot(), watermark, false, rebuilding, lostAt);
  }

  private static StoreIdentity row(Identity identity) {
    return new StoreIdentity(
        StoreIdentity.FORMAT,
        identity.clusterId(),
        identity.node(),
        identity.storeId(),
        identity.boot());
  }

  private static void upgrade(Store store, long format, List<Upgrade> upgrades)
      throws StoreException {
    long reached = format;
    for (Upgrade upgrade : upgrades) {
      if (upgrade.from() == reached) {
        upgrade.step().apply(store);
        store.sync();
        reached++;
      }
    }
  }

  public Store store() {
    return store;
  }

  public Verdict.Start verdict() {
    return verdict;
  }

  /// What an operator should know of the identity file: a copy that was damaged or missing.
  public List<String> remarks() {
    return remarks;
  }

  /// The last sequence number that the store held when it was opened, before anything was written.
  public long openedAt() {
    return openedAt;
  }

  public synchronized Identity identity() {
    return identity;
  }

  /// Saves that the store has synced everything up to `sequence`. See [Watermark] for when.
  public synchronized void raiseWatermark(long sequence) throws IdentityException {
    if (sequence > identity.watermark()) {
      save(identity.withWatermark(sequence));
    }
  }

  /// Peers know a boot of this node that its own disk does not: the directory is a copy or an old
  /// image, or it was wiped. From here on the node runs under a boot above theirs, as one that lost
  /// data, also after the next start; nothing more may be minted under the one before.
  ///
  /// @return the new boot
  public synchronized long raiseBootAbove(long knownToPeers)
      throws StoreException, IdentityException {
    long boot = Math.max(knownToPeers, identity.boot()) + 1;
    save(
        new Identity(
            identity.clusterId(),
            identity.node(),
            identity.storeId(),
            boot,
            identity.watermark(),
            false,
            true,
            boot));
    row(identity).write(store);
    store.sync();
    return boot;
  }

  /// Everything that was lost has been taken back from the other owners, and is synced; or the
  /// other members have confirmed that this node is new.
  public synchronized void rebuilt() throws IdentityException {
    if (identity.rebuilding()) {
      save(identity.rebuilt());
    }
  }

  /// The clean end: a last sync, its sequence as the watermark, and the mark of a clean stop.
  /// Nobody writes to the store any more. The store is closed in any case.
  public synchronized void stop() throws StoreException, IdentityException {
    try {
      store.sync();
      save(identity.stoppedAt(store.latestSequence()));
    } finally {
      store.close();
    }
  }

  /// The end after a failure: the next start will not take this for a clean stop.
  public void abandon() {
    store.close();
  }

  private void save(Identity next) throws IdentityException {
    port.save(next);
    identity = next;
  }
}
