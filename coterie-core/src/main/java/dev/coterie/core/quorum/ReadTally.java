// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.List;

/// Counts the replies to one read. Pure, like [WriteTally]. `FOUND` counts; `NOT_FOUND` counts
/// where `notfound_ok` says so; `NO_VOTE` (nothing found by a replica that is not sure of what it
/// holds) and `FAILED` never count.
public final class ReadTally {
  public enum Reply {
    FOUND,
    NOT_FOUND,
    NO_VOTE,
    FAILED
  }

  private final QuorumSpec spec;
  private final List<WriteTally.Target> targets;
  private Reply[] replies;
  private boolean[] replied;

  /// @param targets everybody that is asked or may still be asked
  public ReadTally(QuorumSpec spec, List<WriteTally.Target> targets) {
    this.spec = spec;
    this.targets = new ArrayList<>(targets);
    this.replies = new Reply[targets.size()];
    this.replied = new boolean[targets.size()];
  }

  /// A fallback that may be asked too, because an owner cannot be reached.
  public void standIn(WriteTally.Target fallback) {
    targets.add(fallback);
    replies = java.util.Arrays.copyOf(replies, replies.length + 1);
    replied = java.util.Arrays.copyOf(replied, replied.length + 1);
  }

  /// The first reply of a node counts; repeats and strangers change nothing.
  ///
  /// @return whether it was counted
  public boolean replied(NodeId node, Reply reply) {
    for (int i = 0; i < replied.length; i++) {
      if (targets.get(i).node().equals(node) && !replied[i]) {
        replied[i] = true;
        replies[i] = reply;
        return true;
      }
    }
    return false;
  }

  /// A node that had replied says something else: its values, or that it cannot read them.
  public void replace(NodeId node, Reply reply) {
    for (int i = 0; i < replied.length; i++) {
      if (targets.get(i).node().equals(node) && replied[i]) {
        replies[i] = reply;
      }
    }
  }

  /// Whether the reply of `node` is in.
  public boolean hasReplied(NodeId node) {
    for (int i = 0; i < replied.length; i++) {
      if (targets.get(i).node().equals(node) && replied[i]) {
        return true;
      }
    }
    return false;
  }

  /// Whether the reply of `node` is in and counts.
  public boolean counts(NodeId node) {
    for (int i = 0; i < replied.length; i++) {
      if (targets.get(i).node().equals(node) && counts(i)) {
        return true;
      }
    }
    return false;
  }

  private boolean counts(int i) {
    return replied[i]
        && (replies[i] == Reply.FOUND || (replies[i] == Reply.NOT_FOUND && spec.notfoundOk()));
  }

  public Verdict verdict() {
    Verdict enough = check("r", spec.r(), false);
    Verdict primaries = check("pr", spec.pr(), true);
    Verdict confirms = check("node_confirms", spec.nodeConfirms(), false);
    boolean waiting = false;
    // pr raises r (QuorumSpec): what the client asked for is named, not what it was raised to.
    for (Verdict verdict : List.of(primaries, enough, confirms)) {
      if (verdict instanceof Verdict.Unreachable) {
        return verdict;
      }
      waiting |= verdict instanceof Verdict.Waiting;
    }
    if (waiting && spec.basicQuorum() && !spec.notfoundOk()) {
      int without = spec.n() - count(Reply.FOUND) - outstanding();
      if (without >= spec.n() / 2 + 1) {
        return new Verdict.Unreachable("r", spec.r(), count(Reply.FOUND));
      }
    }
    return waiting ? Verdict.WAITING : Verdict.MET;
  }

  private Verdict check(String which, int needed, boolean primariesOnly) {
    int got = 0;
    int possible = 0;
    for (int i = 0; i < replied.length; i++) {
      WriteTally.Target target = targets.get(i);
      if (primariesOnly && !target.primary()) {
        continue;
      }
      if (counts(i) && firstOfMachine(i, primariesOnly, true)) {
        got++;
      }
      if ((counts(i) || !replied[i]) && firstOfMachine(i, primariesOnly, false)) {
        possible++;
      }
    }
    if (got >= needed) {
      return Verdict.MET;
    }
    return possible >= needed ? Verdict.WAITING : new Verdict.Unreachable(which, needed, got);
  }

  private boolean firstOfMachine(int at, boolean primariesOnly, boolean counted) {
    for (int i = 0; i < at; i++) {
      WriteTally.Target target = targets.get(i);
      if (target.machine().equals(targets.get(at).machine())
          && (!primariesOnly || target.primary())
          && (counts(i) || (!counted && !replied[i]))) {
        return false;
      }
    }
    return true;
  }

  /// How many replies of this kind there are.
  public int count(Reply reply) {
    int count = 0;
    for (int i = 0; i < replied.length; i++) {
      if (replied[i] && replies[i] == reply) {
        count++;
      }
    }
    return count;
  }

  /// How many targets have not replied.
  public int outstanding() {
    int count = 0;
    for (boolean done : replied) {
      if (!done) {
        count++;
      }
    }
    return count;
  }

  /// Whether nobody failed and somebody found nothing: an unreachable read is then "not found", as
  /// Riak has it.
  public boolean onlyNotFound() {
    return count(Reply.NOT_FOUND) > 0
        && count(Reply.FAILED) == 0
        && count(Reply.NO_VOTE) == 0
        && count(Reply.FOUND) == 0;
  }

  /// The targets whose replies count, in the order of the targets.
  public List<WriteTally.Target> counted() {
    List<WriteTally.Target> counted = new ArrayList<>();
    for (int i = 0; i < replied.length; i++) {
      if (counts(i)) {
        counted.add(targets.get(i));
      }
    }
    return counted;
  }
}
