// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.service;

import dev.coterie.core.base.NodeId;
import java.util.List;

/// How a node stands, for `/stats`, `/metrics` and `cluster status`.
///
/// @param state see [State]
/// @param sentence why it is in that state, for people
/// @param boot how often it has started
/// @param epoch epoch of its placement map
/// @param fingerprint of its placement map; equal on all members
/// @param partitions Q
/// @param machines number of distinct machines among the members
/// @param members all members, itself included, in order of their names
/// @param groupsOwned groups (partitions under one policy) of which it is an owner and that hold
///   data
/// @param groupsRebuilding those among them whose copy is not complete: no votes until then
/// @param inFlight requests being coordinated here now
/// @param damagedReads reads of the local disk that failed a checksum since the start
/// @param lastAlarms the most recent alarm of each kind, newest last
/// @param hints what it holds for owners that could not be reached, in order of their names
/// @param standing what is not done yet
public record NodeStatus(
    State state,
    String sentence,
    long boot,
    long epoch,
    long fingerprint,
    int partitions,
    int machines,
    List<MemberStatus> members,
    int groupsOwned,
    int groupsRebuilding,
    int inFlight,
    long damagedReads,
    List<LastAlarm> lastAlarms,
    List<HeldHints> hints,
    Standing standing) {
  public enum State {
    /// Opening its store and asking peers for what it must know before it serves.
    STARTING,
    SERVING,
    /// The disk failed or is full: reads are served where possible, writes are refused, and the
    /// store is being reopened.
    NO_WRITES,
    STOPPING
  }

  /// The most recent alarm of one kind.
  ///
  /// @param kind a word for programs
  /// @param times how often one of this kind was raised since the start
  /// @param agoMillis how long ago this one was
  /// @param lasts whether what it tells of is known to hold still
  public record LastAlarm(
      String kind, String sentence, long times, long agoMillis, boolean lasts) {}

  /// @param oldestMillis for how long, in this process, something has been held for the owner
  ///   without a break: no hint is older than that and the process together
  public record HeldHints(NodeId owner, long hints, long bytes, long oldestMillis) {}

  /// @param connected whether a connection to it is up; true for the node itself
  /// @param refusal why it was refused, empty where it was not
  /// @param sight what the failure detector thinks of it; [Sight#UNKNOWN] for the node itself, and
  ///   while it has no detector
  public record MemberStatus(
      NodeId node, String machine, boolean connected, String refusal, Sight sight) {}

  /// One node's opinion of another.
  ///
  /// @param status `alive`, `suspect`, `dead`; empty where there is no opinion
  /// @param incarnation at which it is so, as `boot.number`
  /// @param sinceMillis for how long it has been so
  /// @param heardMillis how long ago anything of it last came; negative for never
  /// @param slow whether it is asked last because it answers slowly
  /// @param slowPercent how long its answers take in per cent of the members' median
  /// @param why in words
  public record Sight(
      String status,
      String incarnation,
      long sinceMillis,
      long heardMillis,
      boolean slow,
      int slowPercent,
      String why) {
    public static final Sight UNKNOWN = new Sight("", "", 0, -1, false, 100, "");
  }
}
