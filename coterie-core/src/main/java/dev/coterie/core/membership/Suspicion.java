// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.List;

/// A suspect's time to refute. It starts long, and shrinks with every further member that comes to
/// the same suspicion by itself (Lifeguard's LHA-Suspicion): a lone accuser is often itself the one
/// that is ill.
public final class Suspicion {
  private final long since;
  private final long minNanos;
  private final long maxNanos;
  private final int wanted;
  private final List<NodeId> accusers = new ArrayList<>();
  private long deadline;
  private long notBefore = Long.MIN_VALUE;
  private boolean last;

  /// @param since when the suspicion was heard of, on the clock that [#deadline] is read on
  /// @param wanted confirmations beyond the first accuser after which the wait is shortest
  Suspicion(long since, NodeId accuser, long minNanos, long maxNanos, int wanted) {
    this.since = since;
    this.minNanos = minNanos;
    this.maxNanos = maxNanos;
    this.wanted = wanted;
    accusers.add(accuser);
    reckon();
  }

  /// The shortest wait: mult x max(1, log10(members)) intervals, so that a refutation has time to
  /// go round (Das, Gupta, Motivala, "SWIM", DSN 2002, section 4.2; base and factor from memberlist
  /// `util.go`).
  public static long minNanos(int mult, int members, long intervalNanos) {
    double rounds = mult * Math.max(1.0, StrictMath.log10(Math.max(1, members)));
    return (long) (rounds * intervalNanos);
  }

  /// max(min, max - (max - min) log(c + 1) / log(k + 1)) for c of k confirmations (Lifeguard, DSN
  /// 2018, section IV-B).
  public static long timeoutNanos(long minNanos, long maxNanos, int confirmations, int wanted) {
    if (wanted < 1 || confirmations >= wanted) {
      return minNanos;
    }
    double share = StrictMath.log(confirmations + 1.0) / StrictMath.log(wanted + 1.0);
    return Math.max(minNanos, maxNanos - (long) ((maxNanos - minNanos) * share));
  }

  /// How many confirmations are worth waiting for: mult - 2, or none where there are too few others
  /// to give them (memberlist `state.go`).
  public static int wanted(int mult, int members) {
    int wanted = Math.max(0, mult - 2);
    return members - 2 < wanted ? 0 : wanted;
  }

  /// `accuser` has come to the same suspicion.
  ///
  /// @return whether that was new and counts: then it is worth passing on
  boolean confirm(NodeId accuser) {
    if (accusers.size() > wanted || accusers.contains(accuser)) {
      return false;
    }
    accusers.add(accuser);
    reckon();
    return true;
  }

  /// There is no verdict before a probe has failed.
  ///
  /// @param failAt when it will have
  /// @param isLast whether it is the last: after it no accuser makes the verdict sooner
  void await(long failAt, boolean isLast) {
    deadline = Math.max(deadline, failAt);
    last = isLast;
  }

  /// The accuser was paused. What the suspect has said meanwhile is still to be taken, so there is
  /// no verdict before `heardBy`; and a probe that was out proves nothing.
  void overslept(long heardBy) {
    notBefore = heardBy;
    last = false;
  }

  boolean isLast() {
    return last;
  }

  private void reckon() {
    if (last) {
      return;
    }
    deadline = since + timeoutNanos(minNanos, maxNanos, accusers.size() - 1, wanted);
  }

  long deadline() {
    return Math.max(deadline, notBefore);
  }

  List<NodeId> accusers() {
    return accusers;
  }
}
