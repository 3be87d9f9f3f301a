// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import java.util.List;

/// Between nodes as members of a cluster, about no group in particular.
public sealed interface ClusterMessage extends Message {
  /// A node that holds no replica of the key, to one that does: coordinate this. Forwarded once,
  /// never twice. `boot` is the receiver's, as its hello told: a boot that comes later has
  /// forgotten what it did, so it does not take a late copy. Reply: [ForwardReply]. Loss: the
  /// client's outcome is unknown (a put) or another owner is asked (a get).
  record Forward(long request, long boot, Request asked) implements ClusterMessage {}

  /// Asserts: this is what the client may conclude.
  record ForwardReply(long request, Outcome outcome) implements ClusterMessage {}

  /// A member to another: here is what I know of these buckets. Reply: [PropertiesAck]. Loss: asked
  /// for again at the next start or change. Doubling, reordering: versions decide.
  record PropertiesPush(long request, List<PropertiesEntry> entries) implements ClusterMessage {}

  /// Asserts: every entry of the push is durable at the sender.
  record PropertiesAck(long request) implements ClusterMessage {}

  /// A starting member to another: tell me all bucket properties. Reply: [PropertiesReply].
  record PropertiesFetch(long request) implements ClusterMessage {}

  /// `knows` is false of a member whose own store is new or has lost something: what it does not
  /// tell may exist all the same. Limits: 10,000 entries.
  record PropertiesReply(long request, boolean knows, List<PropertiesEntry> entries)
      implements ClusterMessage {}
}
