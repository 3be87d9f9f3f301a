// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Counts the acks of one write. A pure value of what it was told: no clock, no messages. An ack is
/// (machine, node); the same node counts once however often it answers, and two nodes of one
/// machine count once towards w (INV-distinct-machines). So do an owner and the fallbacks that
/// stood in for it: what a fallback holds goes to that owner, and then there is one copy.
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

  /// For each target the owner as which it counts.
  private final List<NodeId> places = new ArrayList<>();

  private State[] states;

  /// Whether no two targets share a machine or a place, as in almost every write.
  private boolean apart = true;

  public WriteTally(QuorumSpec spec, List<Target> targets) {
    this.spec = spec;
    this.targets = new ArrayList<>(targets.size());
    this.states = new State[targets.size()];
    java.util.Arrays.fill(states, State.ASKED);
    for (Target target : targets) {
      add(target, target.node());
    }
  }

  private void add(Target target, NodeId place) {
    for (int i = 0; i < targets.size(); i++) {
      apart &= !places.get(i).equals(place) && !targets.get(i).machine().equals(target.machine());
    }
    targets.add(target);
    places.add(place);
  }

  /// A fallback that stands in for `owner` from now on, and counts as the spec allows it.
  public void standIn(Target fallback, NodeId owner) {
    if (indexOf(fallback.node()) >= 0) {
      return;
    }
    add(fallback, owner);
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
    int got = distinct(primariesOnly, state -> counts(state, syncedOnly));
    int possible =
        distinct(
            primariesOnly,
            state -> counts(state, syncedOnly) || (state != State.FAILED && state != State.STUCK));
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

  /// How many targets in a state that is `wanted` there are of which no two share a machine or a
  /// place: the most machines that can be given a place each (Kuhn's augmenting paths).
  private int distinct(boolean primariesOnly, Predicate<State> wanted) {
    int count = 0;
    SortedMap<NodeId, List<String>> machines = new TreeMap<>();
    for (int i = 0; i < states.length; i++) {
      Target target = targets.get(i);
      if ((primariesOnly && !target.primary()) || !wanted.test(states[i])) {
        continue;
      }
      if (apart) {
        count++;
      } else {
        machines.computeIfAbsent(places.get(i), _ -> new ArrayList<>()).add(target.machine());
      }
    }
    SortedMap<String, NodeId> given = new TreeMap<>();
    for (NodeId place : machines.keySet()) {
      count += findMachine(place, machines, given, new TreeSet<>()) ? 1 : 0;
    }
    return count;
  }

  private static boolean findMachine(
      NodeId place,
      SortedMap<NodeId, List<String>> machines,
      SortedMap<String, NodeId> given,
      TreeSet<String> tried) {
    for (String machine : machines.getOrDefault(place, List.of())) {
      if (tried.add(machine)) {
        NodeId other = given.get(machine);
        if (other == null || findMachine(other, machines, given, tried)) {
          given.put(machine, place);
          return true;
        }
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
