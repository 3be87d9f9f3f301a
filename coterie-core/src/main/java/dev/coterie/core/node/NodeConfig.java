// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.coordinator.ReadConfig;
import dev.coterie.core.handoff.HandoffConfig;
import dev.coterie.core.membership.MembershipConfig;

/// What the core of a node is told at birth. Times in ns.
///
/// @param ringKey key of the hash that places keys on the ring, one for the cluster
/// @param valueHashKey key of the value hashes, one for the cluster
/// @param siblingsMax a client's write that would leave more siblings is refused; repair never is
/// @param recordBytesMax a client's write that would leave siblings of more bytes together is
///   refused; repair never is. A message must hold the record of every owner that may take writes
///   apart from the others: n times this
/// @param logEntriesMax log entries of a group above which the older half is dropped. More: an
///   owner that was away longer still catches up by its log. Less: less disk
/// @param inFlightMax requests coordinated at once; above it new ones are rejected as overload
/// @param readRetryNanos a read that waits longer than this asks the owners it had left out. Less:
///   a dead owner costs less time, a slow one more messages
/// @param staleSampleOneIn one read in so many asks all owners, to measure staleness; 0 for none
/// @param propertiesGraceNanos how long a starting node waits for bucket properties from another
///   member
/// @param confirmGraceNanos how long a starting node's copies do not vote while a member is away
///   that could know more of them. More: an old image is found out also by a slow member; less: a
///   restart beside a dead member is felt for a shorter time
/// @param copyChunkBytes bytes of records in one answer while a lost copy is filled
/// @param copyPauseNanos pause between two of them; more: gentler and slower
/// @param copiesAtOnce groups that are filled at once
/// @param copyRetryNanos when an owner does not answer, ask again
/// @param reads how reads choose whom to ask
/// @param exchange how owners keep each other in step
/// @param membership how eagerly members watch each other
/// @param handoff how fallbacks stand in for owners
/// @param plants bugs on purpose, none outside the simulator
public record NodeConfig(
    SipHash ringKey,
    SipHash valueHashKey,
    int siblingsMax,
    int recordBytesMax,
    int logEntriesMax,
    int inFlightMax,
    long readRetryNanos,
    int staleSampleOneIn,
    long propertiesGraceNanos,
    long confirmGraceNanos,
    int copyChunkBytes,
    long copyPauseNanos,
    int copiesAtOnce,
    long copyRetryNanos,
    ReadConfig reads,
    ExchangeConfig exchange,
    MembershipConfig membership,
    HandoffConfig handoff,
    Plants plants) {
  public NodeConfig {
    Invariant.check(siblingsMax >= 1, "siblingsMax %s", siblingsMax);
    Invariant.check(recordBytesMax >= 1, "recordBytesMax %s", recordBytesMax);
    Invariant.check(logEntriesMax >= 2, "logEntriesMax %s", logEntriesMax);
    Invariant.check(inFlightMax >= 1, "inFlightMax %s", inFlightMax);
    Invariant.check(copiesAtOnce >= 1, "copiesAtOnce %s", copiesAtOnce);
    Invariant.check(staleSampleOneIn >= 0, "staleSampleOneIn %s", staleSampleOneIn);
  }

  /// Good values for a local network, for a cluster with this secret.
  public static NodeConfig lan(byte[] secret) {
    SipHash root = SipHash.ofSecret(secret);
    return new NodeConfig(
        root.derive("ring"),
        root.derive("value"),
        64,
        4 << 20,
        1024,
        10_000,
        100_000_000L,
        64,
        3_000_000_000L,
        3_000_000_000L,
        256 * 1024,
        2_000_000L,
        4,
        1_000_000_000L,
        ReadConfig.lan(),
        ExchangeConfig.lan(),
        MembershipConfig.lan(),
        HandoffConfig.lan(),
        Plants.NONE);
  }

  public NodeConfig withPlants(Plants planted) {
    return new NodeConfig(
        ringKey,
        valueHashKey,
        siblingsMax,
        recordBytesMax,
        logEntriesMax,
        inFlightMax,
        readRetryNanos,
        staleSampleOneIn,
        propertiesGraceNanos,
        confirmGraceNanos,
        copyChunkBytes,
        copyPauseNanos,
        copiesAtOnce,
        copyRetryNanos,
        reads,
        exchange,
        membership,
        handoff,
        planted);
  }

  public NodeConfig withLogEntriesMax(int most) {
    return new NodeConfig(
        ringKey,
        valueHashKey,
        siblingsMax,
        recordBytesMax,
        most,
        inFlightMax,
        readRetryNanos,
        staleSampleOneIn,
        propertiesGraceNanos,
        confirmGraceNanos,
        copyChunkBytes,
        copyPauseNanos,
        copiesAtOnce,
        copyRetryNanos,
        reads,
        exchange,
        membership,
        handoff,
        plants);
  }

  public NodeConfig withRecordBytesMax(int most) {
    return new NodeConfig(
        ringKey,
        valueHashKey,
        siblingsMax,
        most,
        logEntriesMax,
        inFlightMax,
        readRetryNanos,
        staleSampleOneIn,
        propertiesGraceNanos,
        confirmGraceNanos,
        copyChunkBytes,
        copyPauseNanos,
        copiesAtOnce,
        copyRetryNanos,
        reads,
        exchange,
        membership,
        handoff,
        plants);
  }

  public NodeConfig withReads(ReadConfig wanted) {
    return new NodeConfig(
        ringKey,
        valueHashKey,
        siblingsMax,
        recordBytesMax,
        logEntriesMax,
        inFlightMax,
        readRetryNanos,
        staleSampleOneIn,
        propertiesGraceNanos,
        confirmGraceNanos,
        copyChunkBytes,
        copyPauseNanos,
        copiesAtOnce,
        copyRetryNanos,
        wanted,
        exchange,
        membership,
        handoff,
        plants);
  }

  public NodeConfig withExchange(ExchangeConfig wanted) {
    return new NodeConfig(
        ringKey,
        valueHashKey,
        siblingsMax,
        recordBytesMax,
        logEntriesMax,
        inFlightMax,
        readRetryNanos,
        staleSampleOneIn,
        propertiesGraceNanos,
        confirmGraceNanos,
        copyChunkBytes,
        copyPauseNanos,
        copiesAtOnce,
        copyRetryNanos,
        reads,
        wanted,
        membership,
        handoff,
        plants);
  }

  public NodeConfig withHandoff(HandoffConfig wanted) {
    return new NodeConfig(
        ringKey,
        valueHashKey,
        siblingsMax,
        recordBytesMax,
        logEntriesMax,
        inFlightMax,
        readRetryNanos,
        staleSampleOneIn,
        propertiesGraceNanos,
        confirmGraceNanos,
        copyChunkBytes,
        copyPauseNanos,
        copiesAtOnce,
        copyRetryNanos,
        reads,
        exchange,
        membership,
        wanted,
        plants);
  }

  public NodeConfig withMembership(MembershipConfig wanted) {
    return new NodeConfig(
        ringKey,
        valueHashKey,
        siblingsMax,
        recordBytesMax,
        logEntriesMax,
        inFlightMax,
        readRetryNanos,
        staleSampleOneIn,
        propertiesGraceNanos,
        confirmGraceNanos,
        copyChunkBytes,
        copyPauseNanos,
        copiesAtOnce,
        copyRetryNanos,
        reads,
        exchange,
        wanted,
        handoff,
        plants);
  }

  public NodeConfig withSiblingsMax(int most) {
    return new NodeConfig(
        ringKey,
        valueHashKey,
        most,
        recordBytesMax,
        logEntriesMax,
        inFlightMax,
        readRetryNanos,
        staleSampleOneIn,
        propertiesGraceNanos,
        confirmGraceNanos,
        copyChunkBytes,
        copyPauseNanos,
        copiesAtOnce,
        copyRetryNanos,
        reads,
        exchange,
        membership,
        handoff,
        plants);
  }

  public NodeConfig withCopyChunkBytes(int most) {
    return new NodeConfig(
        ringKey,
        valueHashKey,
        siblingsMax,
        recordBytesMax,
        logEntriesMax,
        inFlightMax,
        readRetryNanos,
        staleSampleOneIn,
        propertiesGraceNanos,
        confirmGraceNanos,
        most,
        copyPauseNanos,
        copiesAtOnce,
        copyRetryNanos,
        reads,
        exchange,
        membership,
        handoff,
        plants);
  }
}
