// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.plan.MessageText;
import dev.coterie.sim.plan.OutcomeText;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNetwork;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// Puts into words what happens in a world: starts and crashes, alarms, repairs, and, where asked
/// for, every mint and message.
public final class Narrator implements Observer {
  private final Consumer<String> print;
  private final IntSupplier n;
  private boolean silent;
  private boolean tracing;
  private boolean probesToo;

  /// @param n of the only bucket: the groups of others are empty and not worth a word
  /// @param print hears a line for each thing
  public Narrator(IntSupplier n, Consumer<String> print) {
    this.n = n;
    this.print = print;
  }

  /// Tells everything, each line with the virtual time in front.
  ///
  /// @param nanos the virtual time
  public static Narrator tracing(LongSupplier nanos, Consumer<String> print) {
    Narrator narrator =
        new Narrator(
            () -> 0,
            line ->
                print.accept(
                    String.format(Locale.ROOT, "%10.4fs  %s", nanos.getAsLong() / 1e9, line)));
    narrator.trace(true);
    return narrator;
  }

  /// Whether mints and messages are told too.
  public void trace(boolean on) {
    tracing = on;
    probesToo = false;
  }

  /// And what the failure detectors say to each other.
  public void traceProbes() {
    tracing = true;
    probesToo = true;
  }

  /// Tells nothing at all, as while a cluster comes up.
  public void silence(boolean on) {
    silent = on;
  }

  /// Tells something that others have found worth telling.
  public void say(String line) {
    if (!silent) {
      print.accept(line);
    }
  }

  @Override
  public void observed(NodeId at, Observation what) {
    switch (what) {
      case Observation.Minted minted -> {
        if (tracing) {
          say(
              at
                  + ": minted "
                  + minted.dot()
                  + " for "
                  + minted.key()
                  + ", record "
                  + OutcomeText.of(minted.record()));
        }
      }
      case Observation.Alarm alarm ->
          say(at + ": alarm " + alarm.kind() + " " + alarm.key() + ": " + alarm.sentence());
      case Observation.Repaired(NodeId to, var key) -> say(at + ": repairs " + key + " at " + to);
      case Observation.CopyBegun(var group) -> {
        if (tracing) {
          say(at + ": begins to copy " + group);
        }
      }
      case Observation.CopyCompleted(var group, int records) -> {
        if (tracing || records > 0) {
          say(at + ": copied " + group + ", " + records + " records");
        }
      }
      case Observation.NothingToCopyFrom(var group) -> {
        if (tracing || group.policy() == n.getAsInt()) {
          say(at + ": nobody to copy " + group + " from; what was lost is lost");
        }
      }
      case Observation.TooLargeToSend(NodeId to, String message, int bytes) ->
          say(at + ": a " + message + " of " + bytes + " bytes is too large to send to " + to);
      case Observation.StaleSample sample -> {
        if (tracing) {
          say(at + ": a sampled read was " + (sample.stale() ? "stale" : "fresh"));
        }
      }
      case Observation.BytesSpared _, Observation.TreeBytes _, Observation.RecordsSent _ -> {}
      case Observation.MemberChanged(var view) -> {
        if (tracing && probesToo) {
          say(at + ": sees " + Views.text(view));
        }
      }
      case Observation.Hedged(NodeId to) -> say(at + ": is late, and asks " + to + " too");
      case Observation.HedgeWon(NodeId by) -> say(at + ": " + by + ", asked later, was faster");
      case Observation.Expired(String kind, NodeId from) ->
          say(at + ": drops a " + kind + " of " + from + ", nobody waits for it any more");
      case Observation.Exchanged(NodeId from, var key, int dots) ->
          say(at + ": took " + key + " from " + from + ", writes missed: " + dots);
      case Observation.BehindLog(var group, NodeId owner) ->
          say(at + ": is behind the log of " + owner + " for " + group + ", and is rebuilt");
      case Observation.Folded _ -> {}
      case Observation.Closed(var group, NodeId node, long below) ->
          say(at + ": closed " + group + ", boots of " + node + " below " + below);
      case Observation.Reaped(var key, var context, int expired) ->
          say(
              at
                  + (expired > 0 ? ": reaped what has expired of " : ": reaped the tombstone of ")
                  + key
                  + " {"
                  + context.dots()
                  + "}");
      case Observation.Discarded(var key, int concurrent, int blind) ->
          say(
              at
                  + ": throws away values of "
                  + key
                  + ", concurrent "
                  + concurrent
                  + ", blindly replaced "
                  + blind);
      case Observation.ClockSkewed(long ahead, boolean fenced) ->
          say(
              at
                  + (fenced
                      ? ": its clock is "
                          + Math.abs(ahead)
                          + (ahead > 0 ? " ms ahead of" : " ms behind")
                          + " most members'"
                      : ": its clock agrees with most members' again"));
      case Observation.Settled(var _, var key, var dot, var replaced, int _) ->
          say(at + ": a tombstone " + dot + " of " + key + " stands for " + replaced);
      case Observation.HintStored(var slot, var dot) -> {
        if (tracing) {
          say(at + ": holds " + dot + " of " + slot);
        }
      }
      case Observation.HintRefused(NodeId owner, var key) ->
          say(at + ": has no room for a hint of " + key + " for " + owner);
      case Observation.StandInsFull(var key) ->
          say(at + ": lets no fallback stand in for owners that do not ack a write of " + key);
      case Observation.HintDelivered(var slot, var dots) ->
          say(at + ": gave " + slot + " [" + dots + "]");
      case Observation.HintDamaged(var slot) -> say(at + ": the hint of " + slot + " is damaged");
      case Observation.ManySiblings(var key, int siblings, int most) ->
          say(at + ": " + key + " has " + siblings + " siblings, and may have " + most);
      case Observation.HintNotTaken(NodeId from, var key, var status) ->
          say(at + ": does not take the hint of " + key + " from " + from + ": " + status);
      case Observation.TreeMismatch(var group, int leaves, long kept, long found) ->
          say(
              at
                  + ": alarm TREE_MISMATCH "
                  + group
                  + ": holds "
                  + found
                  + " values, its hash tree tells of "
                  + kept
                  + ", leaves that differ: "
                  + leaves);
      case Observation.GapsDropped(var group, int places) ->
          say(
              at
                  + ": alarm RECORDS_UNREADABLE "
                  + group
                  + ": dropped what cannot be read, and takes back what the others hold; places: "
                  + places);
      case Observation.SumsRenewed(var group, long values, long missing) ->
          say(
              at
                  + ": renewed the hash tree of "
                  + group
                  + ", values: "
                  + values
                  + (missing == 0 ? "" : ", not brought back: " + missing));
      case Observation.Audited(var group) -> {
        if (tracing) {
          say(at + ": compared the hash tree of " + group + " with all owners");
        }
      }
      case Observation.AuditFound(var group, NodeId owner, var keys) ->
          say(at + ": the hash trees of " + group + " here and at " + owner + " differ in " + keys);
      case Observation.OtherTrees(var group, NodeId owner) ->
          say(at + ": the hash tree of " + group + " at " + owner + " is of another kind");
      case Observation.Serving() -> {
        if (tracing) {
          say(at + ": serves");
        }
      }
    }
  }

  @Override
  public void life(NodeId node, String sentence) {
    say(node + ": " + sentence);
  }

  @Override
  public void delivered(NodeId from, NodeId to, Bytes message) {
    if (tracing && (probesToo || !SimNetwork.isProbe(message))) {
      say(from + " -> " + to + "  " + MessageText.of(message));
    }
  }
}
