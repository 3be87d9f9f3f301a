// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import dev.coterie.core.base.Invariant;

/// How eagerly members watch each other. Times in ns.
///
/// @param probeIntervalNanos one member is probed in so much time. Less: a death is noticed sooner;
///   more: less traffic
/// @param probeTimeoutNanos an answer that takes longer makes the prober ask others. At most half
///   of the interval
/// @param probeTimeoutMaxNanos the same for a member that is known to answer slowly
/// @param indirectProbes how many others are asked
/// @param suspicionMult a suspect is declared dead after no less than this times log10(members)
///   intervals (memberlist's 4). More: fewer false alarms; less: deaths are known sooner
/// @param suspicionMaxMult the longest that waits for confirmation, in shortest ones
/// @param retransmitMult a rumour is passed on this times log10(members) times by each member
/// @param gossipBytes rumours on one message, in bytes
/// @param healthMax the worst local health: timeouts and intervals are up to so many times longer,
///   plus one, at a member that doubts itself
/// @param deadProbeRounds one dead member is probed in so many rounds, to learn that it is back
/// @param slowPercent a member whose answers take this much of the median is slow; it is asked last
/// @param slowMarginNanos and no member is slow that answers this close to the median
public record MembershipConfig(
    long probeIntervalNanos,
    long probeTimeoutNanos,
    long probeTimeoutMaxNanos,
    int indirectProbes,
    int suspicionMult,
    int suspicionMaxMult,
    int retransmitMult,
    int gossipBytes,
    int healthMax,
    int deadProbeRounds,
    int slowPercent,
    long slowMarginNanos) {
  public MembershipConfig {
    Invariant.check(
        probeTimeoutNanos >= 1 && 2 * probeTimeoutNanos <= probeIntervalNanos,
        "the probe timeout %s must be at most half of the probe interval %s",
        probeTimeoutNanos,
        probeIntervalNanos);
    Invariant.check(
        probeTimeoutMaxNanos >= probeTimeoutNanos, "probeTimeoutMax %s", probeTimeoutMaxNanos);
    Invariant.check(indirectProbes >= 0, "indirectProbes %s", indirectProbes);
    Invariant.check(suspicionMult >= 1, "suspicionMult %s", suspicionMult);
    Invariant.check(suspicionMaxMult >= 1, "suspicionMaxMult %s", suspicionMaxMult);
    Invariant.check(retransmitMult >= 1, "retransmitMult %s", retransmitMult);
    Invariant.check(gossipBytes >= 256, "gossipBytes %s", gossipBytes);
    Invariant.check(healthMax >= 0, "healthMax %s", healthMax);
    Invariant.check(deadProbeRounds >= 1, "deadProbeRounds %s", deadProbeRounds);
    Invariant.check(slowPercent > 100, "slowPercent %s", slowPercent);
  }

  /// Good values for a local network: those of memberlist where it has them.
  public static MembershipConfig lan() {
    return new MembershipConfig(
        1_000_000_000L, 500_000_000L, 3_000_000_000L, 3, 4, 6, 4, 1024, 8, 5, 300, 5_000_000L);
  }

  /// For clusters whose links take tens of milliseconds or lose messages: everything takes three to
  /// five times longer, and a death is known after some 20 s instead of 7.
  public static MembershipConfig wan() {
    return new MembershipConfig(
        5_000_000_000L, 2_000_000_000L, 10_000_000_000L, 3, 6, 6, 4, 1024, 8, 3, 300, 50_000_000L);
  }

  /// For nodes of one machine: a death is known after some 2 s.
  public static MembershipConfig local() {
    return new MembershipConfig(
        250_000_000L, 100_000_000L, 1_000_000_000L, 3, 4, 6, 4, 1024, 8, 5, 300, 5_000_000L);
  }

  /// The same with other probe times; what is measured in intervals follows.
  public MembershipConfig withProbes(long intervalNanos, long timeoutNanos, long timeoutMaxNanos) {
    return new MembershipConfig(
        intervalNanos,
        timeoutNanos,
        timeoutMaxNanos,
        indirectProbes,
        suspicionMult,
        suspicionMaxMult,
        retransmitMult,
        gossipBytes,
        healthMax,
        deadProbeRounds,
        slowPercent,
        slowMarginNanos);
  }

  public MembershipConfig withSuspicionMult(int mult) {
    return new MembershipConfig(
        probeIntervalNanos,
        probeTimeoutNanos,
        probeTimeoutMaxNanos,
        indirectProbes,
        mult,
        suspicionMaxMult,
        retransmitMult,
        gossipBytes,
        healthMax,
        deadProbeRounds,
        slowPercent,
        slowMarginNanos);
  }

  public MembershipConfig withSlowPercent(int percent) {
    return new MembershipConfig(
        probeIntervalNanos,
        probeTimeoutNanos,
        probeTimeoutMaxNanos,
        indirectProbes,
        suspicionMult,
        suspicionMaxMult,
        retransmitMult,
        gossipBytes,
        healthMax,
        deadProbeRounds,
        percent,
        slowMarginNanos);
  }
}
