// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.HandoffMessage.StoreHint;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.Observer;
import java.util.List;
import java.util.function.Consumer;

/// Part of O3, for hints: what an owner gives to a fallback holds no value beside one whose writer
/// had seen it. At the fallback no clock would tell that it was replaced, and a read that reaches
/// no owner would show both.
final class OwnersHints implements Observer {
  private static final MessageKind[] HINTS = {MessageKind.STORE_HINT};

  private final History history;
  private final Owners owners;
  private final Consumer<String> violated;

  OwnersHints(History history, Owners owners, Consumer<String> violated) {
    this.history = history;
    this.owners = owners;
    this.violated = violated;
  }

  @Override
  public void sent(NodeId from, NodeId to, Bytes message) {
    if (!(Messages.among(HINTS, message) instanceof StoreHint hint)
        || hint.record().siblings().size() < 2
        || !isOwner(from, hint.key())
        || history.lostSilentlySince(from, 0)
        || owners.areDestroyed(hint.key(), history)) {
      return;
    }
    List<Sibling> siblings = hint.record().siblings();
    for (Sibling one : siblings) {
      Operation writer = history.byId(History.idOf(one.value()));
      for (Sibling other : siblings) {
        int id = History.idOf(other.value());
        if (writer != null && id != writer.id && writer.past.get(id)) {
          violated.accept(
              from
                  + " gives "
                  + to
                  + " a hint of "
                  + hint.key()
                  + " for "
                  + hint.owner()
                  + " that holds w"
                  + id
                  + " beside w"
                  + writer.id
                  + ", which had seen it");
        }
      }
    }
  }

  private boolean isOwner(NodeId node, ObjectKey key) {
    return owners.of(key).stream().anyMatch(each -> each.node().equals(node));
  }
}
