// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.NodeId;
import java.util.List;
import java.util.SortedMap;

/// Between nodes as members of a cluster, about no group in particular.
public sealed interface ClusterMessage extends Message {
  /// - Sent: by a node that owns no replica of the key to an owner that it is connected with, for a
  ///   client's request. Forwarded once, never twice.
  /// - Asserts: a client of the sender asks this; `boot` is the receiver's, as its hello told.
  /// - Reply: [ForwardReply].
  /// - Faults: lost, the request runs into its deadline: a put is of unknown outcome, a get
  ///   rejected. Where the connection breaks a get goes to another owner. Doubled, the second is
  ///   dropped, and so is one for another boot than the receiver's: its twin may have been carried
  ///   out before.
  /// - Limits: one frame. The receiver remembers the last 16,384 requests, in memory. The timeout
  ///   in `asked` is what was left when it was sent; where it has waited in the receiver's inbox
  ///   for all of it, it is dropped unanswered.
  record Forward(long request, long boot, Request asked) implements ClusterMessage {}

  /// - Sent: by the owner that took a [Forward] to the node that sent it.
  /// - Asserts: this is what the client may conclude.
  /// - Reply: none.
  /// - Faults: lost, as if the request were lost. One that does not come from the owner asked last
  ///   is dropped. `NOT_READY` and `OVERLOAD` send the request to the next owner.
  /// - Limits: one frame; a found record that does not fit is not sent.
  record ForwardReply(long request, Outcome outcome) implements ClusterMessage {}

  /// - Sent: by a member that has changed a bucket's properties, or fixed its n by the first write,
  ///   to every member that it is connected with.
  /// - Asserts: here is what I know of these buckets.
  /// - Reply: [PropertiesAck].
  /// - Faults: lost, it is sent again every 500 ms while the connection lives; who was away asks by
  ///   [PropertiesFetch]. Doubled or overtaken, versions decide ([PropertiesEntry#join]).
  /// - Limits: one entry today.
  record PropertiesPush(long request, List<PropertiesEntry> entries) implements ClusterMessage {}

  /// - Sent: by a member in answer to a [PropertiesPush], after its sync.
  /// - Asserts: every entry of the push, or a newer version, is durable at the sender.
  /// - Reply: none.
  /// - Faults: lost, the push comes again. Doubled, it counts once.
  /// - Limits: a member that knows 10,000 buckets makes no further one; what others made at the
  ///   same time it keeps.
  record PropertiesAck(long request) implements ClusterMessage {}

  /// - Sent: by shard 0 of a node to every member at each new connection, and every 500 ms while it
  ///   is starting to those that have not told.
  /// - Asserts: nothing.
  /// - Reply: [PropertiesReply].
  /// - Faults: lost, it is asked again while starting. Doubled, it is answered twice.
  /// - Limits: none.
  record PropertiesFetch(long request) implements ClusterMessage {}

  /// - Sent: by a member in answer to a [PropertiesFetch].
  /// - Asserts: these are all bucket properties that the sender knows. `knows` is false of a member
  ///   whose own store is new or has lost something, and that is still starting: what it does not
  ///   tell may exist all the same.
  /// - Reply: none.
  /// - Faults: lost, the fetch comes again. Doubled or overtaken, versions decide.
  /// - Limits: some 10,000 entries in one message of at most 5 MB; no frame limit may be below 8
  ///   MiB.
  record PropertiesReply(long request, boolean knows, List<PropertiesEntry> entries)
      implements ClusterMessage {}

  /// - Sent: by every shard of a member to every member that it is connected with: when it has
  ///   promised more, at each new connection, and now and then.
  /// - Asserts: durably, for the groups of shard `shard` of `shards` at the sender: of the boots of
  ///   a node below the number given for it, it holds nothing that no owner has, and takes nothing
  ///   new.
  /// - Reply: none.
  /// - Faults: lost, it comes again. Doubled or late, the greater numbers stand: a promise is kept
  ///   for ever.
  /// - Limits: one number for each member.
  record ClosePromise(int shard, int shards, SortedMap<NodeId, Long> below)
      implements ClusterMessage {}
}
