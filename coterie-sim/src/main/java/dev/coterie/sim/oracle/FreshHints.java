// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.World;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Part of O6: a hint is made for a write that is under way, by the node that coordinates it. What
/// was written long ago an owner that was away gets when it compares itself with the others; who
/// makes hints of it (a read that repairs, say) fills fallbacks with what the owner has, and gives
/// it twice (F35).
final class FreshHints implements Observer {
  private static final MessageKind[] HINTS = {MessageKind.STORE_HINT};
  private static final int WRITES_MAX = 10_000;

  /// How late a node may be that is slow, or has much to do.
  private static final long SLACK_NANOS = 5_000_000_000L;

  private final World world;
  private final Consumer<String> violated;
  private final Map<Dot, Long> mintedAt = new LinkedHashMap<>();

  FreshHints(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId at, Observation what) {
    if (what instanceof Observation.Minted minted) {
      mintedAt.putIfAbsent(minted.dot(), world.now());
      if (mintedAt.size() > WRITES_MAX) {
        mintedAt.remove(mintedAt.keySet().iterator().next());
      }
    }
  }

  @Override
  public void sent(NodeId from, NodeId to, Bytes message) {
    if (!(Messages.among(HINTS, message) instanceof HandoffMessage.StoreHint hint)) {
      return;
    }
    Long minted = mintedAt.get(hint.dot());
    if (minted == null) {
      return;
    }
    // Until a fallback is asked, and until the next one is where that has refused.
    long most = 2 * world.nodeConfig().handoff().hintAfterNanos() + SLACK_NANOS;
    long since = Math.max(minted, world.node(from).resumedAt());
    if (world.now() - since > most) {
      violated.accept(
          from
              + " makes a hint at "
              + to
              + " for "
              + hint.owner()
              + " of "
              + hint.key()
              + " "
              + hint.dot()
              + ", which was written "
              + (world.now() - minted) / 1_000_000_000L
              + " s before");
    }
  }
}
