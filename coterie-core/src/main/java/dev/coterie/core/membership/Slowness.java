// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import java.util.List;
import java.util.function.Function;

/// Which members answer much later than most: alive, but better asked last (F46). Probes and
/// requests are compared apart, since not every member is asked by requests.
final class Slowness {
  private final MembershipConfig config;

  Slowness(MembershipConfig config) {
    this.config = config;
  }

  /// Judges all of `peers` against each other.
  void judge(List<Peer> peers, FailureDetector.Output out) {
    long byProbes = median(peers, peer -> peer.probes);
    long byRequests = median(peers, peer -> peer.requests);
    for (Peer peer : peers) {
      peer.slowPercent =
          Math.max(peer.probes.percentOf(byProbes), peer.requests.percentOf(byRequests));
      boolean slow =
          peer.directMissed
              || isSlow(peer.probes, byProbes, peer.slow)
              || isSlow(peer.requests, byRequests, peer.slow);
      if (slow != peer.slow) {
        peer.slow = slow;
        out.changed(peer.view());
      }
    }
  }

  /// Once slow it must come well below the mark to be fast again.
  private boolean isSlow(Latency latency, long median, boolean before) {
    int mark = before ? (100 + config.slowPercent()) / 2 : config.slowPercent();
    return latency.isComparable()
        && latency.percentOf(median) >= mark
        && latency.recent() - median >= config.slowMarginNanos();
  }

  private static long median(List<Peer> peers, Function<Peer, Latency> of) {
    return Latency.median(
        peers.stream().map(of).filter(Latency::isComparable).mapToLong(Latency::recent).toArray());
  }
}
