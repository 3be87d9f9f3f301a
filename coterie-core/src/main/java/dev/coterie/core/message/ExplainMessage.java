// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.ring.GroupId;

/// For people who ask why a key is as it is. Nothing decides by these.
public sealed interface ExplainMessage extends Message {
  /// - Sent: by the node that an operator asks to explain a key, to each owner that it is connected
  ///   with.
  /// - Asserts: nothing; `values` says that the bytes of the values are wanted too.
  /// - Reply: [ExplainReplicaReply].
  /// - Faults: lost, the owner is shown as silent when the time of the question is over. Doubled,
  ///   it is answered twice, and the first answer is shown. It changes nothing, whenever it comes.
  /// - Limits: an owner reads for at most 64 of these at a time and drops one above that.
  record ExplainReplica(long request, long epoch, GroupId group, ObjectKey key, boolean values)
      implements ExplainMessage {}

  /// - Sent: by an owner to the node that asked, when record and log have been read.
  /// - Asserts: `view` is what the owner holds; record and clock are of one snapshot, not
  ///   necessarily synced.
  /// - Reply: none.
  /// - Faults: lost, as if the question were lost. Doubled or late, it is dropped.
  /// - Limits: one frame. One that does not fit (with the bytes of values) is not sent.
  record ExplainReplicaReply(long request, ReplicaView view) implements ExplainMessage {}
}
