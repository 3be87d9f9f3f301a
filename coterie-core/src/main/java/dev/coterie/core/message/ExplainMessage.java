// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.ring.GroupId;

/// For people who ask why a key is as it is. Nothing decides by these.
public sealed interface ExplainMessage extends Message {
  /// - Sent: by the node that an operator asks to explain a key, to each owner that it is connected
  ///   with, and to the other members, which may hold hints for these.
  /// - Asserts: nothing; `values` says that the bytes of the values are wanted too.
  /// - Reply: [ExplainReplicaReply].
  /// - Faults: lost, the owner is shown as silent when the time of the question is over. Doubled,
  ///   it is answered twice, and the first answer is shown. It changes nothing, whenever it comes.
  /// - Limits: an owner reads for at most 64 of these at a time and drops one above that; so does a
  ///   member that is no owner. Of these, 256 are asked.
  record ExplainReplica(long request, long epoch, GroupId group, ObjectKey key, boolean values)
      implements ExplainMessage {}

  /// - Sent: by an owner to the node that asked, when record and log have been read; by another
  ///   member, when its hints for the owners of the key have been.
  /// - Asserts: `view` is what the owner holds; record and clock are of one snapshot, not
  ///   necessarily synced. `hints` is what a member that is no owner holds.
  /// - Reply: none.
  /// - Faults: lost, as if the question were lost. Doubled or late, it is dropped.
  /// - Limits: one frame. One that does not fit (with the bytes of values) is not sent.
  record ExplainReplicaReply(long request, ReplicaView view, HintsView hints)
      implements ExplainMessage {
    /// What an owner tells.
    public ExplainReplicaReply(long request, ReplicaView view) {
      this(request, view, HintsView.NOT_TOLD);
    }
  }
}
