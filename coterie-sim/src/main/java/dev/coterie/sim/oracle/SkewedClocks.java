// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.HybridClock;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Receipt;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.SimClock;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.Arrays;
import java.util.function.Consumer;

/// Part of O21: a clock that is far off decides nothing. A node whose wall clock is beyond the
/// bound from that of most coordinates no last-write-wins write, and no owner takes one whose
/// timestamp is from beyond the bound. Judged are nodes that had time to measure the others, and
/// clocks that are off by [#TIMES] the bound.
final class SkewedClocks {
  private static final int TIMES = 3;
  private static final long MEASURED_NANOS = 5_000_000_000L;

  private final World world;
  private final Consumer<String> violated;

  /// When the first write with a timestamp was minted: from then on nodes measure, at the latest.
  private long wantedSince = Long.MAX_VALUE;

  SkewedClocks(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  /// `at` has minted `write`, which has a timestamp.
  void minted(NodeId at, Operation write) {
    wantedSince = Math.min(wantedSince, world.now());
    long off = Math.abs(world.node(at).clock().error(world.now()) - median());
    if (world.nodes().size() > 2 && off > TIMES * bound() && hasMeasured(at)) {
      violated.accept(
          at + " coordinated " + write + " although its clock is " + off + " ms off that of most");
    }
  }

  /// `write` was acknowledged.
  void acknowledged(Operation write) {
    if (write.stamp == 0 || !(write.outcome instanceof Outcome.Applied applied)) {
      return;
    }
    for (Receipt.Answer answer : applied.receipt().answers()) {
      boolean other = !answer.node().equals(applied.receipt().coordinator());
      long ahead = HybridClock.millisOf(write.stamp) - latest(answer.node());
      boolean measured = world.nodes().size() < 3 || hasMeasured(answer.node());
      if (other && answer.primary() && ahead > TIMES * bound() && measured) {
        violated.accept(
            answer.node()
                + " took "
                + write
                + ", whose timestamp is "
                + ahead
                + " ms ahead of its clock and of those of most");
      }
    }
  }

  /// The later of what `node`'s clock reads and the one in the middle; where there are two nobody
  /// can tell whose is wrong.
  private long latest(NodeId node) {
    SimClock clock = world.node(node).clock();
    long own = clock.wallMillis(world.now());
    boolean few = world.nodes().size() < 3;
    return few ? own : Math.max(own, own - clock.error(world.now()) + median());
  }

  private long bound() {
    return world.nodeConfig().clockSkewMaxMillis();
  }

  /// By how much the clock in the middle is ahead.
  private long median() {
    long[] errors =
        world.nodes().stream().mapToLong(node -> node.clock().error(world.now())).toArray();
    Arrays.sort(errors);
    return errors[errors.length / 2];
  }

  /// Whether `at` has been in touch with all others for a while, none of which has set its clock.
  private boolean hasMeasured(NodeId at) {
    long since = world.now() - MEASURED_NANOS;
    if (wantedSince > since
        || world.config().network().loss() > 0
        || world.node(at).wellSince() > since) {
      return false;
    }
    for (SimNode other : world.nodes()) {
      boolean self = other.id().equals(at);
      if (!self
          && (other.wellSince() > since
              || other.clock().steppedAt() > since
              || world.network().wellSince(at, other.id()) > since)) {
        return false;
      }
    }
    return true;
  }
}
