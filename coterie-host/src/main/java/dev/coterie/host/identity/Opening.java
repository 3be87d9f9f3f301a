// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.identity.IdentityPort.Loaded;
import dev.coterie.host.identity.StoreIdentity.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The comparison of identity file and store at start. Pure: [NodeDisk] reads both sides and
/// carries the verdict out.
///
/// | identity file | store | verdict |
/// |---|---|---|
/// | missing | empty | fresh |
/// | missing | its row fits the configuration | amnesiac, boot far above the row's |
/// | unreadable or newer | any | refuse |
/// | of another cluster or node | any | refuse |
/// | any | row of another cluster or node, newer format, illegible; or data without a row | refuse |
/// | fits | another store id | refuse: swapped directories |
/// | fits, watermark 0 | empty | fresh: the first start was cut short before anything was minted |
/// | fits, watermark above 0 | empty | amnesiac: wiped |
/// | fits | below the watermark | amnesiac: the store went back |
/// | fits, boot below the row's | any | amnesiac: the file went back |
/// | fits, unconfirmed | at the watermark or above | fresh: no member has said yet that it is new |
/// | fits, rebuilding | at the watermark or above | amnesiac: the rebuild was not finished |
/// | fits | at the watermark or above | resume |
public final class Opening {
  /// With the identity file lost, the row's boot may be old: the store may have gone back too, and
  /// boots that ended before they wrote the row are in the file alone. Nobody starts a node this
  /// often between two backups. Should it happen all the same, actors stay unique by their random
  /// nonce, and peers that know a higher boot say so.
  public static final long BOOT_JUMP = 1000;

  private final String clusterId;
  private final NodeId node;
  private final List<Upgrade> upgrades;

  /// For the node `node` of the cluster `clusterId`, as configured.
  public Opening(String clusterId, NodeId node, List<Upgrade> upgrades) {
    this.clusterId = clusterId;
    this.node = node;
    this.upgrades = List.copyOf(upgrades);
  }

  /// What can be refused before the store is touched.
  Verdict.@Nullable Refuse refuseIdentity(Loaded loaded) {
    return switch (loaded) {
      case Loaded.Missing missing -> null;
      case Loaded.Unreadable unreadable ->
          new Verdict.Refuse(
              "the identity of this node cannot be read: " + unreadable.reason(),
              unreadable.wayOut());
      case Loaded.Found found ->
          refuseOther("identity file", found.identity().clusterId(), found.identity().node());
    };
  }

  /// @param latestSequence where the store stands
  /// @param drawnStoreId 64 random bits, used where a new store begins
  public Verdict judge(Loaded loaded, Row row, long latestSequence, long drawnStoreId) {
    Verdict.@Nullable Refuse refused = refuseIdentity(loaded);
    if (refused == null) {
      refused = refuseStore(row, latestSequence);
    }
    if (refused != null) {
      return refused;
    }
    @Nullable StoreIdentity store = row instanceof Row.Present present ? present.identity() : null;
    if (loaded instanceof Loaded.Found found) {
      return store == null
          ? judgeEmptied(found.identity(), drawnStoreId)
          : judgeBoth(found.identity(), store, latestSequence);
    }
    if (store == null) {
      return new Verdict.Fresh(drawnStoreId, 1);
    }
    return new Verdict.Amnesiac(
        "the identity file is lost, so it is not known what the store had synced",
        store.storeId(),
        store.boot() + BOOT_JUMP);
  }

  private Verdict.@Nullable Refuse refuseStore(Row row, long latestSequence) {
    return switch (row) {
      case Row.Absent absent ->
          latestSequence == 0
              ? null
              : new Verdict.Refuse(
                  "the store holds data (sequence "
                      + latestSequence
                      + ") but does not say whose it is",
                  "if it is known to be of no use, move its directory and the identity files away;"
                      + " the node will start empty and be rebuilt from the others");
      case Row.Illegible illegible ->
          new Verdict.Refuse(
              "the store cannot say whose it is: " + illegible.reason(),
              "look after the disk; to have the node rebuilt from the others, move the store's"
                  + " directory away and leave the identity files");
      case Row.Present present -> refuseRow(present.identity());
    };
  }

  private Verdict.@Nullable Refuse refuseRow(StoreIdentity store) {
    if (store.format() > StoreIdentity.FORMAT) {
      return new Verdict.Refuse(
          "the store has format "
              + store.format()
              + ", and this program knows formats up to "
              + StoreIdentity.FORMAT,
          "start the newer version that wrote it");
    }
    if (!Upgrade.reach(store.format(), StoreIdentity.FORMAT, upgrades)) {
      return new Verdict.Refuse(
          "the store has format "
              + store.format()
              + ", which this program can no longer bring to format "
              + StoreIdentity.FORMAT,
          "start a version in between first, or move the store's directory away to have the node"
              + " rebuilt from the others");
    }
    return refuseOther("store", store.clusterId(), store.node());
  }

  private Verdict.@Nullable Refuse refuseOther(String side, String otherCluster, NodeId otherNode) {
    if (!otherCluster.equals(clusterId)) {
      return new Verdict.Refuse(
          "the " + side + " belongs to cluster " + otherCluster + ", not to " + clusterId,
          "start this node on its own directory, or correct the cluster id in its configuration");
    }
    if (!otherNode.equals(node)) {
      return new Verdict.Refuse(
          "the " + side + " belongs to node " + otherNode + ", not to " + node,
          "start this node on its own directory, or correct the node id in its configuration");
    }
    return null;
  }

  private static Verdict judgeEmptied(Identity identity, long drawnStoreId) {
    long boot = identity.boot() + 1;
    if (identity.watermark() > 0) {
      // A new id: should the old store turn up again, it is refused.
      return new Verdict.Amnesiac(
          "the store is empty, but it had synced changes up to " + identity.watermark(),
          drawnStoreId,
          boot);
    }
    if (identity.rebuilding() && !identity.unconfirmed()) {
      return unfinished(identity, boot);
    }
    return new Verdict.Fresh(identity.storeId(), boot);
  }

  private static Verdict judgeBoth(Identity identity, StoreIdentity store, long latestSequence) {
    if (identity.storeId() != store.storeId()) {
      return new Verdict.Refuse(
          "the identity file belongs to store "
              + Lines.hex(identity.storeId())
              + ", but the store is "
              + Lines.hex(store.storeId()),
          "put the right store back beside the identity files; to take this one up as it is, delete"
              + " the identity files: the node will start as one that lost data and be rebuilt from"
              + " the others");
    }
    long boot = Math.max(identity.boot(), store.boot()) + 1;
    if (latestSequence < identity.watermark()) {
      return new Verdict.Amnesiac(
          "the store went back: it holds changes up to "
              + latestSequence
              + ", but had synced up to "
              + identity.watermark(),
          identity.storeId(),
          boot);
    }
    if (identity.boot() < store.boot()) {
      return new Verdict.Amnesiac(
          "the identity file went back: it knows boots up to "
              + identity.boot()
              + ", the store up to "
              + store.boot()
              + ", so it is not known what the store had synced",
          identity.storeId(),
          boot);
    }
    if (identity.unconfirmed()) {
      return new Verdict.Fresh(identity.storeId(), boot);
    }
    if (identity.rebuilding()) {
      return unfinished(identity, boot);
    }
    boolean clean = identity.cleanStop() && latestSequence == identity.watermark();
    return new Verdict.Resume(identity.storeId(), boot, clean);
  }

  private static Verdict unfinished(Identity identity, long boot) {
    return new Verdict.Amnesiac(
        "an earlier loss of data has not yet been made good", identity.storeId(), boot);
  }
}
