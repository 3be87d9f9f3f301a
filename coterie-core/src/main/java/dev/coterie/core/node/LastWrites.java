// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.HybridClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.coordinator.PutCoordinator;
import dev.coterie.core.membership.PeerClocks;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.Request;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.ring.GroupId;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What this shard knows of last-write-wins buckets: which they are, the timestamps of its writes,
/// and whether its wall clock may be trusted with them.
final class LastWrites {
  /// What shard 0 measures is told to the others when it has moved by a part of the bound.
  private static final int TELL_PARTS = 5;

  private final Context context;
  private final HybridClock clock = new HybridClock();
  private Function<BucketId, BucketProperties> buckets = _ -> BucketProperties.DEFAULT;
  private boolean wanted;
  private boolean skewed;
  private PeerClocks.Range most = PeerClocks.Range.UNKNOWN;
  private PeerClocks.Range told = PeerClocks.Range.UNKNOWN;

  LastWrites(Context context) {
    this.context = context;
  }

  void ask(Function<BucketId, BucketProperties> properties) {
    buckets = properties;
  }

  /// There is a bucket with these properties.
  void learn(BucketProperties properties) {
    wanted |= properties.lastWriteWins();
  }

  boolean applies(BucketId bucket) {
    return buckets.apply(bucket).lastWriteWins();
  }

  /// What of `record` a client is shown; in other buckets `otherwise`.
  KeyRecord shown(ObjectKey key, KeyRecord record, KeyRecord otherwise) {
    if (!applies(key.bucket())) {
      return otherwise;
    }
    if (context.config.plants().has(Plant.LWW_TIE_BY_ARRIVAL)) {
      return LastWrite.view(record, ownFirst(record), context.wall);
    }
    return LastWrite.view(record, context.wall);
  }

  /// The receipt of a read of `record`, with what it does not show.
  Receipt noted(ObjectKey key, Receipt receipt, KeyRecord record) {
    return applies(key.bucket()) ? receipt.with(Receipt.Race.read(record, context.wall)) : receipt;
  }

  private @Nullable Sibling ownFirst(KeyRecord record) {
    Sibling winner = null;
    for (Sibling sibling : record.siblings()) {
      boolean own = sibling.dot().actor().node().equals(context.self);
      boolean tie = winner != null && winner.stamp() == sibling.stamp();
      boolean better = winner == null || (tie ? own : LastWrite.beats(sibling, winner));
      winner = better ? sibling : winner;
    }
    return winner;
  }

  // Timestamps

  /// The timestamp of a write over `held`.
  long stamp(KeyRecord held) {
    if (context.config.plants().has(Plant.LWW_CLOCK_OVER_CAUSE)) {
      return new HybridClock().send(context.wall, bound());
    }
    saw(held);
    return clock.send(context.wall, bound());
  }

  /// These have come from another owner.
  void saw(KeyRecord record) {
    for (Sibling sibling : record.siblings()) {
      saw(sibling);
    }
  }

  private void saw(Sibling sibling) {
    boolean _ = sibling.stamp() == 0 || clock.receive(sibling.stamp(), context.wall, bound());
  }

  private long bound() {
    return context.config.clockSkewMaxMillis();
  }

  // Wall clocks

  /// What this node tells of its wall clock; 0 for nothing, where neither a bucket nor an operator
  /// needs it.
  long toldWall() {
    return wanted || context.config.clockTold() ? context.wall : 0;
  }

  /// What most members' wall clocks read, as far as it was measured.
  PeerClocks.Range most() {
    return most;
  }

  /// Shard 0 has measured what most members' wall clocks read.
  void measured(PeerClocks.Range range) {
    most = range;
    if (wanted && isSkewed() != skewed) {
      skewed = isSkewed();
      context.observe(new Observation.ClockSkewed(ahead(), skewed));
    }
    long step = bound() / TELL_PARTS;
    if (context.shards() > 1
        && wanted
        && (Math.abs(range.low() - told.low()) > step
            || Math.abs(range.high() - told.high()) > step)) {
      told = range;
      context.out.add(new Effect.ClocksMeasured(range));
    }
  }

  /// Another shard has measured it.
  void learn(PeerClocks.Range range) {
    most = range;
  }

  /// How far this node's wall clock is ahead of most members', in ms.
  long ahead() {
    return most.ahead(context.now, context.wall);
  }

  private boolean isSkewed() {
    return Math.abs(ahead()) > bound();
  }

  /// Whether this node takes no part in timestamps, because its clock is beyond the bound.
  private boolean isFenced() {
    return isSkewed() && !context.config.plants().has(Plant.LWW_FENCED_COORDINATES);
  }

  /// Whether this node leaves `request` to others.
  boolean refuses(Request request, BucketProperties bucket) {
    return bucket.lastWriteWins() && !(request instanceof Request.Get) && isFenced();
  }

  /// Why it does.
  String sentence() {
    long ahead = ahead();
    return "this node's clock is "
        + Math.abs(ahead)
        + " ms "
        + (ahead > 0 ? "ahead of" : "behind")
        + " those of most members, more than skew_max_ms = "
        + bound()
        + "; nothing was written: set its clock, or write through another node";
  }

  /// Whether `store`, a fresh write, is of a time that by the clocks of most members is yet to
  /// come.
  boolean isBeyond(ReplicaMessage.StoreReplica store) {
    if (context.config.plants().has(Plant.LWW_FUTURE_TAKEN)) {
      return false;
    }
    Dot dot = store.dot();
    for (Sibling sibling : store.record().siblings()) {
      if (sibling.dot().equals(dot)
          && HybridClock.isBeyond(sibling.stamp(), context.wall - ahead(), bound())) {
        return true;
      }
    }
    return false;
  }

  /// Whether another owner of `group` could take a write.
  boolean hasOthers(GroupId group) {
    boolean others = false;
    for (NodeId owner : context.otherOwners(group)) {
      others |= context.isReachable(owner);
    }
    return others;
  }

  /// Why `put` is not on as many owners as it should be.
  Reason refused(PutCoordinator put, int needed, int got) {
    return new Reason(
        Reason.Code.CLOCK_SKEW,
        needed,
        got,
        "owners whose clocks the write's timestamp is ahead of by more than skew_max_ms refused it ("
            + put.refusalsForItsTime()
            + "); it may be on some replicas: compare the clocks of the nodes");
  }
}
