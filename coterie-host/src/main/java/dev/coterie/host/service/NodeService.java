// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.service;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Request;
import dev.coterie.core.quorum.BucketProperties;
import java.util.function.Consumer;

/// One running node, as its listeners see it. All methods may be called from any thread.
public interface NodeService {
  NodeId self();

  /// Carries out `request`. `reply` is called exactly once, on a thread of the node, and must
  /// return quickly.
  void submit(Request request, Consumer<Outcome> reply);

  /// The properties that hold for `bucket` at this node now.
  BucketProperties properties(BucketId bucket);

  /// Sets the properties of `bucket` in the whole cluster; `reply` as in [#submit].
  void setProperties(BucketId bucket, BucketProperties wanted, Consumer<PropertiesOutcome> reply);

  /// A snapshot for operators.
  NodeStatus status();

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
