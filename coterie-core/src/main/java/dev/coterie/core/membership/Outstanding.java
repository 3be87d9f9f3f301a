// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.List;

/// A probe of this member's own. Times on the detector's clock. Kept for a while after it was
/// judged: a late answer still says how slow its sender is.
final class Outstanding {
  enum Stage {
    /// Waits for the member's own answer.
    DIRECT,
    /// Others have been asked too.
    INDIRECT,
    /// Answered, or failed, or never meant to be judged.
    JUDGED
  }

  final long sequence;
  final Peer target;
  final long sentAt;
  final long askAt;
  final long failAt;
  final long forgetAt;
  final List<NodeId> helpers = new ArrayList<>(0);
  final List<NodeId> nacks = new ArrayList<>(0);
  Stage stage = Stage.DIRECT;

  /// @param askAt when others are asked
  /// @param failAt when the target is suspected
  Outstanding(long sequence, Peer target, long sentAt, long askAt, long failAt, long forgetAt) {
    this.sequence = sequence;
    this.target = target;
    this.sentAt = sentAt;
    this.askAt = askAt;
    this.failAt = failAt;
    this.forgetAt = forgetAt;
  }

  boolean isOpen() {
    return stage != Stage.JUDGED;
  }

  /// When this probe wants to be looked at again; never where it is judged.
  long due() {
    return switch (stage) {
      case DIRECT -> askAt;
      case INDIRECT -> failAt;
      case JUDGED -> Long.MAX_VALUE;
    };
  }

  void nacked(NodeId helper) {
    if (helpers.contains(helper) && !nacks.contains(helper)) {
      nacks.add(helper);
    }
  }
}
