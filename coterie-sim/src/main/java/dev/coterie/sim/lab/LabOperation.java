// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One operation of one client: what was asked, what came of it, and for a read what it missed.
/// Times in µs from the start of the run. A write's number names its value.
public final class LabOperation {
  /// How it ended for its client.
  public enum Result {
    /// Not yet.
    OPEN,
    OK,
    /// Certainly not done; a read found too few owners.
    FAILED,
    /// A write whose outcome is unknown.
    INDETERMINATE
  }

  /// What is to be said of a read.
  public enum Verdict {
    /// A write, or a read that failed or is open.
    NONE,
    /// No write of its key had been acknowledged when it began.
    UNKNOWN,
    FRESH,
    STALE
  }

  /// An owner's answer to this read, as it left the owner.
  ///
  /// @param at when
  /// @param versions what the owner held
  public record Answer(int node, long at, int[] versions) {}

  public final int id;

  public final boolean write;
  public final int key;
  public final int client;
  public final long began;

  /// The node that was called; -1 where none could be.
  public int via = -1;

  /// When the call reached that node, and how long its first answer takes back to the client, in
  /// µs.
  public long reached = -1;

  public long backMicros;

  public long ended = -1;
  public Result result = Result.OPEN;

  /// Why it failed; empty where it did not.
  public String reason = "";

  /// For a read: the writes whose values came back.
  public int[] versions = {};

  /// Nodes whose answers counted, and whether each counts as an owner.
  public int[] counted = {};

  public boolean[] asOwner = {};

  /// For a write: its place among the writes of its key, in the order in which they took effect; -1
  /// where it took none. What its client had seen, and how it is named by replicas.
  public int ordinal = -1;

  public Past past = Past.NOTHING;
  public final List<Dot> dots = new ArrayList<>(1);

  /// Of a write in a last-write-wins bucket: its timestamp, 0 elsewhere; by how many ms that was
  /// ahead of the right time; what it replaced without its client having seen it; and whether it
  /// was lost against another one.
  public long stamp;

  public long ahead;
  Past over = Past.NOTHING;
  public boolean thrownAway;

  /// Of a stale read there: whether it knew of the write that it does not show.
  public boolean hidesNewest;

  public int mintedBy = -1;
  public long mintedAt = -1;

  public Verdict verdict = Verdict.NONE;

  /// For a read: the newest write acknowledged before it began, 0 for none; how many of those it
  /// missed; and when the first that it missed was acknowledged.
  public int newest;

  public int behind;
  public long behindSince = -1;

  /// The number of its anomaly; -1 for none.
  public int anomaly = -1;

  /// For a read: what owners have answered.
  public final List<Answer> answers = new ArrayList<>(2);

  /// Where its client begins among the nodes that it may call; and what it had seen of the key.
  int choice;

  CausalContext seen = CausalContext.EMPTY;

  /// Which messages it has caused, to tell a repeated one from the first: kind, from, to.
  final List<Integer> sent = new ArrayList<>(4);

  LabOperation(int id, boolean write, int key, int client, long began) {
    this.id = id;
    this.write = write;
    this.key = key;
    this.client = client;
    this.began = began;
  }

  public boolean isAcked() {
    return write && result == Result.OK;
  }

  /// How long it took, in ms.
  public double millis() {
    return (ended - began) / 1000.0;
  }

  /// The answer of `node` to this read; null where it gave none.
  public @Nullable Answer answerOf(int node) {
    for (Answer answer : answers) {
      if (answer.node() == node) {
        return answer;
      }
    }
    return null;
  }
}
