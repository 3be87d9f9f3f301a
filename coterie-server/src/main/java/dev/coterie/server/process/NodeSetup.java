// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.node.NodeConfig;
import dev.coterie.core.ring.Allocator;
import dev.coterie.core.ring.Member;
import dev.coterie.core.ring.PlacementMap;
import dev.coterie.core.ring.Ring;
import dev.coterie.server.config.Config;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What follows from a configuration once and for all boots.
///
/// @param core what the core is told at birth
/// @param placement the first placement map, the same on every member
/// @param dataFolder where the store and the identity lie
/// @param nanos monotonic time, from 0 at the start of the process
/// @param wallMillis the wall clock, in ms since 1970: judges what has expired
record NodeSetup(
    NodeId self,
    String clusterId,
    int shards,
    NodeConfig core,
    PlacementMap placement,
    File dataFolder,
    LongSupplier nanos,
    LongSupplier wallMillis) {
  /// The one version of the peer protocol that there is so far.
  static final int PROTOCOL = 1;

  /// Clusters are born with this epoch.
  private static final long FIRST_EPOCH = 1;

  static NodeSetup of(Config config) {
    List<Member> members = new ArrayList<>();
    for (Config.Member member : config.cluster().members()) {
      members.add(
          new Member(member.id(), member.machine(), member.rack(), member.zone(), member.weight()));
    }
    PlacementMap placement =
        Allocator.first(
            FIRST_EPOCH, new Ring(config.cluster().partitions()), members, config.cluster().nMax());
    long origin = System.nanoTime();
    return new NodeSetup(
        config.node().id(),
        config.cluster().id(),
        config.node().shards(),
        core(config),
        placement,
        config.node().dataDir().toFile(),
        () -> System.nanoTime() - origin,
        System::currentTimeMillis);
  }

  private static NodeConfig core(Config config) {
    NodeConfig lan = NodeConfig.lan(config.cluster().secret().bytes());
    return new NodeConfig(
        lan.ringKey(),
        lan.valueHashKey(),
        config.limits().siblingsMax(),
        Math.max(config.http().valueBytesMax(), config.peer().frameBytesMax() / 4),
        lan.logEntriesMax(),
        lan.inFlightMax(),
        TimeUnit.MILLISECONDS.toNanos(config.reads().retryAfterMillis()),
        config.reads().staleSampleOneIn(),
        lan.propertiesGraceNanos(),
        lan.confirmGraceNanos(),
        lan.copyChunkBytes(),
        lan.copyPauseNanos(),
        lan.copiesAtOnce(),
        lan.copyRetryNanos(),
        config.clocks().skewMaxMillis(),
        true,
        lan.reads(),
        lan.exchange()
            .withGraceMillis(config.expiry().graceMillis())
            .withClocks(config.antiEntropy().clocks())
            .withReap(config.antiEntropy().reap())
            .withTrees(
                config.antiEntropy().trees(),
                TimeUnit.HOURS.toNanos(config.antiEntropy().auditHours())),
        config.membership().core(),
        lan.handoff()
            .withHintAfterNanos(TimeUnit.MILLISECONDS.toNanos(config.handoff().hintAfterMillis()))
            .withBounds(
                config.handoff().hintBytesMax() / config.node().shards(),
                config.handoff().hintOwnerBytesMax() / config.node().shards())
            .withCredits(
                config.handoff().creditsMax(),
                Math.min(lan.handoff().roundCreditsMax(), config.handoff().creditsMax())),
        lan.plants());
  }
}
