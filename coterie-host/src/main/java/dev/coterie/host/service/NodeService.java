// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.service;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Request;
import dev.coterie.core.quorum.BucketProperties;
import java.util.List;
import java.util.function.Consumer;

/// One running node, as its listeners see it. All methods may be called from any thread.
public interface NodeService {
  NodeId self();

  /// Carries out `request`. `reply` is called exactly once, on a thread of the node, and must
  /// return quickly.
  void submit(Request request, Consumer<Outcome> reply);

  /// A client's read or write was refused before it could be submitted, for want of room: it counts
  /// among what clients did not get.
  void turnedAway(boolean write);

  /// The properties that hold for `bucket` at this node now.
  BucketProperties properties(BucketId bucket);

  /// Sets the properties of `bucket` in the whole cluster; `reply` as in [#submit].
  void setProperties(BucketId bucket, BucketProperties wanted, Consumer<PropertiesOutcome> reply);

  /// Asks the owners of `key` why it is as it is; `reply` as in [#submit].
  ///
  /// @param values whether the bytes of its values are to be told
  void explain(ObjectKey key, boolean values, Consumer<ExplainOutcome> reply);

  /// What became of a question about a key.
  sealed interface ExplainOutcome {
    record Explained(KeyReport report) implements ExplainOutcome {}

    record Refused(Reason reason) implements ExplainOutcome {}
  }

  /// A snapshot for operators.
  NodeStatus status();

  /// The owners of every partition under `n` copies, in order of the partitions.
  List<List<NodeId>> owners(int n);

  /// What became of a change of bucket properties.
  sealed interface PropertiesOutcome {
    /// Durable here and sent to all members; those that are away fetch it before they serve again.
    ///
    /// @param toldMembers how many members have confirmed, this one included
    /// @param members how many there are
    record Set(int toldMembers, int members) implements PropertiesOutcome {}

    /// Not set, or nobody knows whether ([Reason.Code#COORDINATOR_LOST]).
    record Refused(Reason reason) implements PropertiesOutcome {}
  }
}
