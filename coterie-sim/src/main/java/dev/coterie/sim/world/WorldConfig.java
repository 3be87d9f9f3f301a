// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.core.base.Plants;
import dev.coterie.core.coordinator.ReadConfig;
import dev.coterie.core.handoff.HandoffConfig;
import dev.coterie.core.membership.MembershipConfig;
import dev.coterie.core.node.ExchangeConfig;
import dev.coterie.core.ring.Member;
import java.util.List;

/// What a simulated cluster is made of.
///
/// @param members nodes and the machines they stand on
/// @param partitions Q
/// @param shards per node
/// @param network how links behave
/// @param syncMicros how long an fsync takes
/// @param costMicros how long a node works on one record, or on an event that touches none; 0 for
///   no time at all. It takes one event after the other, and what comes meanwhile waits
/// @param logEntriesMax log entries of a group above which the older half is dropped; 0 for the
///   product's own
/// @param recordBytesMax bytes of siblings above which a put is refused; 0 for the product's own
/// @param siblingsMax siblings above which a put is refused; 0 for the product's own
/// @param inFlightMax requests under way at one shard above which more are refused; 0 for the
///   product's own
/// @param copyChunkBytes bytes of records in one part of a copy; 0 for the product's own
/// @param reads how reads choose whom to ask
/// @param exchange how owners keep each other in step
/// @param membership how eagerly nodes watch each other
/// @param handoff how fallbacks stand in for owners
/// @param seed everything that is drawn follows from it
/// @param plants bugs on purpose
public record WorldConfig(
    List<Member> members,
    int partitions,
    int shards,
    NetworkModel network,
    long syncMicros,
    long costMicros,
    int logEntriesMax,
    int recordBytesMax,
    int siblingsMax,
    int inFlightMax,
    int copyChunkBytes,
    ReadConfig reads,
    ExchangeConfig exchange,
    MembershipConfig membership,
    HandoffConfig handoff,
    long seed,
    Plants plants) {
  /// Whether it is known how long everything takes: messages take equally long and none is lost,
  /// and nodes neither work slowly nor refuse much.
  public boolean isTimeKnown() {
    return !network.isLossy() && network.latencyMean() == 0 && costMicros == 0 && inFlightMax == 0;
  }

  /// How many times longer than on links of 50 ms whatever goes to and fro may take, hints at one
  /// credit among it; 1 at least.
  public long patience() {
    return Math.max(1, Math.ceilDiv(network.latencyMin() + network.latencyMean(), 50_000L));
  }

  /// Whether a probe waits less than twice as long for its answer as a message takes on average.
  public boolean isProbeTimeoutShort() {
    return (network.latencyMin() + network.latencyMean()) * 1000
        > membership.probeTimeoutNanos() / 2;
  }
}
