// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import org.jspecify.annotations.Nullable;

/// Who mints dots: one node, in one boot, for one group that it has taken up. New at every start,
/// so that no disk that forgets, no copy of a data directory and no restored image can mint a dot
/// twice.
///
/// @param node the node
/// @param boot how often the node has started, from 1
/// @param nonce 64 random bits drawn at that start; tells two copies apart that believe in the same
///   boot
/// @param serial which time in this boot the group was taken up, from 0
public record ActorId(NodeId node, long boot, long nonce, int serial)
    implements Comparable<ActorId> {
  public ActorId {
    Invariant.check(
        boot >= 1 && serial >= 0, "actor of %s with boot %s, serial %s", node, boot, serial);
  }

  /// By the numbers first: they nearly always tell.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof ActorId(NodeId otherNode, long otherBoot, long otherNonce, int last)
            && nonce == otherNonce
            && serial == last
            && boot == otherBoot
            && node.equals(otherNode));
  }

  @Override
  public int hashCode() {
    return Long.hashCode(nonce) + 31 * Long.hashCode(boot) + 961 * serial;
  }

  @Override
  public int compareTo(ActorId other) {
    if (this == other) {
      return 0;
    }
    int order = node.compareTo(other.node);
    if (order == 0) {
      order = Long.compare(boot, other.boot);
    }
    if (order == 0) {
      order = Long.compareUnsigned(nonce, other.nonce);
    }
    return order == 0 ? Integer.compare(serial, other.serial) : order;
  }

  /// `node/boot`, followed by `.serial` where that is not 0. The nonce is left out: transcripts
  /// stay readable, and where two nonces of a boot meet the alarm prints both in full.
  @Override
  public String toString() {
    return serial == 0 ? node + "/" + boot : node + "/" + boot + "." + serial;
  }
}
