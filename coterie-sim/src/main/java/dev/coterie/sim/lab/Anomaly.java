// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import java.util.List;

/// One read that went wrong, and why.
///
/// @param n its number in the run, from 0
/// @param operation the read
/// @param write the write that it missed
/// @param at when the read ended, in µs
/// @param sentence why, in one sentence
/// @param evidence what happened to the write and to the read, in order
/// @param counterfactual what would have been enough, and what would not
/// @param messages entries of the recording: the messages that mattered, in order
public record Anomaly(
    int n,
    Code code,
    int operation,
    int write,
    int key,
    long at,
    String sentence,
    List<String> evidence,
    List<String> counterfactual,
    List<Integer> messages) {
  /// Ways to miss a write.
  public enum Code {
    /// Its copy was still on its way when the read was answered.
    RACE_IN_FLIGHT,
    /// Another owner that was asked had it, but answered too late to count.
    FAST_SUBSET,
    /// Its copy was lost at a cut, or was not sent because of one.
    PARTITION_DROP,
    /// Its copy was lost on the way.
    LOSS,
    /// The owner was down when its copy came.
    REPLICA_DOWN,
    /// The owner stood still when its copy came.
    REPLICA_PAUSED,
    /// Stand-ins helped to acknowledge it, and none of these was asked.
    SLOPPY_DISJOINT,
    /// The owner is reachable again, and the hint that was kept for it has not come yet.
    HINT_PENDING,
    /// The stand-in has lost the hint.
    HINT_LOST,
    /// The owner had it and has lost it.
    AMNESIA,
    /// The read knew of it and does not show it: by the clocks it is older than what is shown, in
    /// truth it is newer.
    CLOCK_SKEW_LWW,
    /// Not stale: a read before had returned a write that was not acknowledged, and this one went
    /// back behind it.
    UNACKED_NEWER,
    /// The recording does not tell.
    UNEXPLAINED
  }

  public Anomaly {
    evidence = List.copyOf(evidence);
    counterfactual = List.copyOf(counterfactual);
    messages = List.copyOf(messages);
  }
}
