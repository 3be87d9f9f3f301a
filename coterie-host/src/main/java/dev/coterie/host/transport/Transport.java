// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.transport;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import java.util.List;

/// Carries messages between nodes. Best effort: a message may be lost, doubled or overtaken; what
/// arrives is what was sent (length and checksum are checked), from the node that the hello proved.
public interface Transport extends AutoCloseable {
  /// What the transport tells its node. Called on the transport's own threads, several at once
  /// where it has several. What is told of one peer by [#peerUp] and [#peerDown] is in order and
  /// alternates; a message may come before the [#peerUp] of its sender. Nothing is told once
  /// [Transport#close] has returned.
  interface Receiver {
    /// `message` came from `from`. Must return quickly.
    void delivered(NodeId from, Bytes message);

    /// Messages to `peer` can be sent: a connection is up and both sides have accepted the other's
    /// hello. Told again for a new connection, for instance after a restart of the peer (another
    /// boot and nonce).
    void peerUp(PeerHello peer);

    /// No connection to `peer` is left; it is being tried again.
    void peerDown(NodeId peer);

    /// This node refused a hello, or its own was refused. It is tried again, and told again only
    /// when the reason changes or a connection was up in between.
    void peerRefused(PeerRefusal refusal);

    /// `from` tells or asks something for people; nothing that a node does rests on it. Must return
    /// quickly. The simulated world has no people in it and sends none.
    default void reported(NodeId from, Bytes report) {}
  }

  /// What became of a message at this end.
  enum Sent {
    /// Queued for the connection; it may still be lost.
    QUEUED,
    /// Certainly not sent: no connection.
    NOT_CONNECTED,
    /// Certainly not sent: the queue to this peer is full.
    QUEUE_FULL,
    /// Certainly not sent: larger than the frame limit of this node or of the peer.
    TOO_LARGE
  }

  /// Queues one message. Nothing need leave before [#flush].
  Sent send(NodeId to, Bytes message);

  /// Sends what was queued since the last flush: one flush for each peer, at the end of a drained
  /// batch.
  void flush();

  /// Tells the peers, those that are connected now and those that will be, that this node's store
  /// has synced everything up to `sequence`. They hold its next boot to it.
  void announceSynced(long sequence);

  /// The peers with which a connection is up, in order of their names.
  List<NodeId> connected();

  /// What has been heard of the peers by now. Whoever opened the transport keeps it, at least every
  /// [PeerMemory#INTERVAL_NANOS] while it changes and at the end, and gives it to the next one.
  PeerMemory memory();

  @Override
  void close();
}
