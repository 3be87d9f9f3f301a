// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.coordinator.GetCoordinator;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.quorum.WriteTally.Target;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.List;

/// What a read asks of the owners and of those who stand in for them: in messages, and of this
/// node's own copy.
final class ReadQuestions {
  private final Context context;
  private final Hints hints;
  private final ReadPace pace;
  private final VnodeOutput output;

  ReadQuestions(Context context, Hints hints, ReadPace pace, VnodeOutput output) {
    this.context = context;
    this.hints = hints;
    this.pace = pace;
    this.output = output;
  }

  /// Asks `targets`; those that cannot be asked have failed.
  void ask(GetCoordinator get, List<Target> targets) {
    for (Target target : targets) {
      NodeId node = target.node();
      if (!target.primary()) {
        askFallback(get, node);
      } else if (node.equals(context.self)) {
        readOwnCopy(get, get.id());
      } else if (context.isReachable(node)) {
        pace.asked(node);
        context.send(node, question(get, get.id(), get.digestWillDo(node)));
      } else {
        get.failed(node);
      }
    }
  }

  private void askFallback(GetCoordinator get, NodeId node) {
    if (node.equals(context.self)) {
      hints.read(node, get.id(), get.group(), get.key());
    } else if (context.isConnected(node)) {
      context.send(
          node,
          new HandoffMessage.ReadHint(
              get.id(),
              context.placement.epoch(),
              get.group(),
              get.key(),
              context.budget(get.deadline())));
    } else {
      get.failed(node);
    }
  }

  private void readOwnCopy(GetCoordinator get, long id) {
    context
        .vnode(get.group())
        .submit(get.key(), new VnodeTask.Read(context.self, id, false), output);
  }

  /// Asks `node` once more, which has answered before; now for all bytes.
  void askAgain(GetCoordinator get, NodeId node) {
    askAgain(get, node, get.id());
  }

  /// The same by a question of its own: its answer is to be told from that to the first one.
  ///
  /// @param id the number of that question
  void askAgain(GetCoordinator get, NodeId node, long id) {
    if (node.equals(context.self)) {
      readOwnCopy(get, id);
    } else {
      context.send(node, question(get, id, false));
    }
  }

  private ReplicaMessage.ReadReplica question(GetCoordinator get, long id, boolean digest) {
    return new ReplicaMessage.ReadReplica(
        id,
        context.placement.epoch(),
        get.group(),
        get.key(),
        context.budget(get.deadline()),
        digest);
  }
}
