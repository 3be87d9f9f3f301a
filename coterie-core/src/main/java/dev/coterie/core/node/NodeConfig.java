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
/// @param clockSkewMaxMillis how far a wall clock may be off: a node whose own is further off
///   leaves last-write-wins writes to others, and an owner refuses a fresh write from further ahead
/// @param clockTold whether answers to probes tell this node's wall clock also where no
///   last-write-wins bucket needs that: operators see offsets then
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
    long clockSkewMaxMillis,
    boolean clockTold,
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
        500,
        false,
        ReadConfig.lan(),
        ExchangeConfig.lan(),
        MembershipConfig.lan(),
        HandoffConfig.lan(),
        Plants.NONE);
  }

  public NodeConfig withPlants(Plants planted) {
    Draft draft = new Draft(this);
    draft.plants = planted;
    return draft.build();
  }

  public NodeConfig withLogEntriesMax(int most) {
    Draft draft = new Draft(this);
    draft.logEntriesMax = most;
    return draft.build();
  }

  public NodeConfig withRecordBytesMax(int most) {
    Draft draft = new Draft(this);
    draft.recordBytesMax = most;
    return draft.build();
  }

  public NodeConfig withInFlightMax(int most) {
    Draft draft = new Draft(this);
    draft.inFlightMax = most;
    return draft.build();
  }

  public NodeConfig withReads(ReadConfig wanted) {
    Draft draft = new Draft(this);
    draft.reads = wanted;
    return draft.build();
  }

  public NodeConfig withExchange(ExchangeConfig wanted) {
    Draft draft = new Draft(this);
    draft.exchange = wanted;
    return draft.build();
  }

  public NodeConfig withHandoff(HandoffConfig wanted) {
    Draft draft = new Draft(this);
    draft.handoff = wanted;
    return draft.build();
  }

  public NodeConfig withMembership(MembershipConfig wanted) {
    Draft draft = new Draft(this);
    draft.membership = wanted;
    return draft.build();
  }

  public NodeConfig withSiblingsMax(int most) {
    Draft draft = new Draft(this);
    draft.siblingsMax = most;
    return draft.build();
  }

  public NodeConfig withCopyChunkBytes(int most) {
    Draft draft = new Draft(this);
    draft.copyChunkBytes = most;
    return draft.build();
  }

  public NodeConfig withClockSkewMaxMillis(long most) {
    Draft draft = new Draft(this);
    draft.clockSkewMaxMillis = most;
    return draft.build();
  }

  public NodeConfig withStaleSampleOneIn(int reads) {
    Draft draft = new Draft(this);
    draft.staleSampleOneIn = reads;
    return draft.build();
  }

  /// A copy that is being changed.
  private static final class Draft {
    SipHash ringKey;
    SipHash valueHashKey;
    int siblingsMax;
    int recordBytesMax;
    int logEntriesMax;
    int inFlightMax;
    long readRetryNanos;
    int staleSampleOneIn;
    long propertiesGraceNanos;
    long confirmGraceNanos;
    int copyChunkBytes;
    long copyPauseNanos;
    int copiesAtOnce;
    long copyRetryNanos;
    long clockSkewMaxMillis;
    boolean clockTold;
    ReadConfig reads;
    ExchangeConfig exchange;
    MembershipConfig membership;
    HandoffConfig handoff;
    Plants plants;

    Draft(NodeConfig from) {
      ringKey = from.ringKey;
      valueHashKey = from.valueHashKey;
      siblingsMax = from.siblingsMax;
      recordBytesMax = from.recordBytesMax;
      logEntriesMax = from.logEntriesMax;
      inFlightMax = from.inFlightMax;
      readRetryNanos = from.readRetryNanos;
      staleSampleOneIn = from.staleSampleOneIn;
      propertiesGraceNanos = from.propertiesGraceNanos;
      confirmGraceNanos = from.confirmGraceNanos;
      copyChunkBytes = from.copyChunkBytes;
      copyPauseNanos = from.copyPauseNanos;
      copiesAtOnce = from.copiesAtOnce;
      copyRetryNanos = from.copyRetryNanos;
      clockSkewMaxMillis = from.clockSkewMaxMillis;
      clockTold = from.clockTold;
      reads = from.reads;
      exchange = from.exchange;
      membership = from.membership;
      handoff = from.handoff;
      plants = from.plants;
    }

    NodeConfig build() {
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
          clockSkewMaxMillis,
          clockTold,
          reads,
          exchange,
          membership,
          handoff,
          plants);
    }
  }
}
