// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.List;

/// Counts the acks of one write. A pure value of what it was told: no clock, no messages. An ack is
/// (machine, node); the same node counts once however often it answers, and two nodes of one
/// machine count once towards w (INV-distinct-machines).
public final class WriteTally {
  /// One replica that may still ack, has acked, or has failed.
  public record Target(NodeId node, String machine, boolean primary) {}

  /// What is known of one ack.
  public record Ack(Target target, Durability durability) {}

  private enum State {
    ASKED,
    BUFFERED,
    SYNCED,
    FAILED,
    /// Has a buffered copy and will not sync it.
    STUCK
  }

  private final QuorumSpec spec;
  private final List<Target> targets;
  private State[] states;

  public WriteTally(QuorumSpec spec, List<Target> targets) {
    this.spec = spec;
    this.targets = new ArrayList<>(targets);
    this.states = new State[targets.size()];
    java.util.Arrays.fill(states, State.ASKED);
  }

  /// A fallback that stands in for an owner from now on, and counts as the spec allows it.
  public void standIn(Target fallback) {
    if (indexOf(fallback.node()) >= 0) {
      return;
    }
    targets.add(fallback);
    states = java.util.Arrays.copyOf(states, states.length + 1);
    states[states.length - 1] = State.ASKED;
  }

  /// `node` holds a copy that is at least `durability`. Unknown nodes and repeats change nothing.
  public void acked(NodeId node, Durability durability) {
    int i = indexOf(node);
    if (i < 0 || states[i] == State.SYNCED || states[i] == State.STUCK) {
      return;
    }
    states[i] = durability == Durability.SYNCED ? State.SYNCED : State.BUFFERED;
  }

  /// `node` will not (further) ack: it refused, failed, or cannot be reached.
  public void failed(NodeId node) {
    int i = indexOf(node);
    if (i < 0 || states[i] == State.SYNCED) {
      return;
    }
    states[i] = states[i] == State.ASKED || states[i] == State.FAILED ? State.FAILED : State.STUCK;
  }

  private int indexOf(NodeId node) {
    for (int i = 0; i < states.length; i++) {
      if (targets.get(i).node().equals(node)) {
        return i;
      }
    }
    return -1;
  }

  public Verdict verdict() {
    Verdict copies = check("w", spec.w(), false, spec.durability() == Durability.SYNCED);
    Verdict primaries = check("pw", spec.pw(), true, spec.durability() == Durability.SYNCED);
    Verdict durable = check("dw", spec.dw(), false, true);
    Verdict confirms =
        check("node_confirms", spec.nodeConfirms(), false, spec.durability() == Durability.SYNCED);
    boolean waiting = false;
    // pw and dw raise w (QuorumSpec): what the client asked for is named, not what it was raised
    // to.
    for (Verdict verdict : List.of(primaries, durable, copies, confirms)) {
      if (verdict instanceof Verdict.Unreachable) {
        return verdict;
      }
      waiting |= verdict instanceof Verdict.Waiting;
    }
    return waiting ? Verdict.WAITING : Verdict.MET;
  }

  private Verdict check(String which, int needed, boolean primariesOnly, boolean syncedOnly) {
    int got = 0;
    int possible = 0;
    for (int i = 0; i < states.length; i++) {
      Target target = targets.get(i);
      if (primariesOnly && !target.primary()) {
        continue;
      }
      boolean counts = counts(states[i], syncedOnly);
      boolean may = counts || (states[i] != State.FAILED && states[i] != State.STUCK);
      if (counts && !sameMachineBefore(i, primariesOnly, syncedOnly, true)) {
        got++;
      }
      if (may && !sameMachineBefore(i, primariesOnly, syncedOnly, false)) {
        possible++;
      }
    }
    if (got >= needed) {
      return Verdict.MET;
    }
    return possible >= needed ? Verdict.WAITING : new Verdict.Unreachable(which, needed, got);
  }

  private static boolean counts(State state, boolean syncedOnly) {
    return switch (state) {
      case SYNCED -> true;
      case BUFFERED, STUCK -> !syncedOnly;
      case ASKED, FAILED -> false;
    };
  }

  private boolean sameMachineBefore(
      int at, boolean primariesOnly, boolean syncedOnly, boolean counted) {
    for (int i = 0; i < at; i++) {
      Target target = targets.get(i);
      if (!target.machine().equals(targets.get(at).machine())
          || (primariesOnly && !target.primary())) {
        continue;
      }
      boolean counts = counts(states[i], syncedOnly);
      if (counted ? counts : counts || (states[i] != State.FAILED && states[i] != State.STUCK)) {
        return true;
      }
    }
    return false;
  }

  /// The acks so far, in the order of the targets.
  public List<Ack> acks() {
    List<Ack> acks = new ArrayList<>();
    for (int i = 0; i < states.length; i++) {
      if (states[i] == State.SYNCED) {
        acks.add(new Ack(targets.get(i), Durability.SYNCED));
      } else if (states[i] == State.BUFFERED || states[i] == State.STUCK) {
        acks.add(new Ack(targets.get(i), Durability.BUFFERED));
      }
    }
    return acks;
  }

  /// Who has neither acked nor failed.
  public List<NodeId> silent() {
    List<NodeId> silent = new ArrayList<>();
    for (int i = 0; i < states.length; i++) {
      if (states[i] == State.ASKED) {
        silent.add(targets.get(i).node());
      }
    }
    return silent;
  }

  /// Whether every target has acked as durably as it can, or failed.
  public boolean isComplete() {
    for (State state : states) {
      boolean done =
          state == State.SYNCED
              || state == State.FAILED
              || state == State.STUCK
              || (state == State.BUFFERED
                  && spec.durability() == Durability.BUFFERED
                  && spec.dw() == 0);
      if (!done) {
        return false;
      }
    }
    return true;
  }
}
