// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.NodeId;
import java.util.List;

/// Who is there: the failure detector's probes, with gossip on their backs.
public sealed interface MembershipMessage extends Message {
  /// What rides on the message.
  List<Rumour> rumours();

  /// - Sent: by a member to the next one on its shuffled list, once in a round; to one that was
  ///   missed, seen to come or to go, or of whom it is said that it is gone, soon; and for another
  ///   member that has sent [IndirectProbe].
  /// - Asserts: the sender lives, at `incarnation`. Where it holds the receiver for suspect or
  ///   dead, the first rumour says so: the receiver can refute at once.
  /// - Reply: [Ack].
  /// - Faults: lost, others are asked to probe; lost there too, the receiver is suspected. Doubled,
  ///   it is answered twice and the second answer is dropped. Late, it tells what was once true;
  ///   incarnations sort that out.
  /// - Limits: rumours of 1 KiB together.
  record Probe(long sequence, Incarnation incarnation, List<Rumour> rumours)
      implements MembershipMessage {}

  /// - Sent: by the probed member to whom the [Probe] came from, at once; passed on by a helper to
  ///   the member that asked it to probe.
  /// - Asserts: `about` lives, at `incarnation`, or did when it sent this. Its wall clock read
  ///   `wallMillis` then; 0 from a helper, from a simulated member that knows of no last-write-wins
  ///   bucket, and from a version that does not say so.
  /// - Reply: none.
  /// - Faults: lost, as if the probe were lost. Doubled or after the prober gave up, it still tells
  ///   the incarnation, and how slow the member is.
  /// - Limits: rumours of 1 KiB together.
  record Ack(
      long sequence, NodeId about, Incarnation incarnation, List<Rumour> rumours, long wallMillis)
      implements MembershipMessage {
    public Ack(long sequence, NodeId about, Incarnation incarnation, List<Rumour> rumours) {
      this(sequence, about, incarnation, rumours, 0);
    }

    /// This answer of a member whose wall clock reads that.
    public Ack at(long millis) {
      return new Ack(sequence, about, incarnation, rumours, millis);
    }
  }

  /// - Sent: by a member whose probe of `target` was not answered in time, to three others, drawn
  ///   among those it holds for alive.
  /// - Asserts: nothing but its rumours.
  /// - Reply: [Ack] once the target answers, else a [Nack] shortly before the asker's time is up;
  ///   at once from one that has no connection with the target.
  /// - Faults: lost, the other helpers remain; neither answer coming, the asker doubts itself.
  ///   Doubled, the target is probed twice.
  /// - Limits: a member helps with 256 probes at a time; above that it sends the [Nack] at once.
  record IndirectProbe(long sequence, NodeId target, List<Rumour> rumours)
      implements MembershipMessage {}

  /// - Sent: by a helper to the member that asked it to probe `target`, when the target has not
  ///   answered it either.
  /// - Asserts: the helper lives and hears the asker; it has no answer of the target yet.
  /// - Reply: none.
  /// - Faults: lost, the asker takes its own connection for the bad one and gets slower to judge.
  ///   Doubled, it counts once for each helper.
  /// - Limits: rumours of 1 KiB together.
  record Nack(long sequence, NodeId target, List<Rumour> rumours) implements MembershipMessage {}
}
