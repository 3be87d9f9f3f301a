// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.transport;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import java.util.List;

/// Carries messages between nodes. Best effort: a message may be lost, doubled or overtaken; what
/// arrives is what was sent (length and checksum are checked), from the node that the hello proved.
public interface Transport extends AutoCloseable {
  /// What the transport tells its node. Called on the transport's own threads.
  interface Receiver {
    /// `message` came from `from`. Must return quickly.
    void delivered(NodeId from, Bytes message);

    /// A connection to `peer` is up and both sides have accepted the other's hello. Told again for
    /// a new connection, for instance after a restart of the peer (another boot and nonce).
    void peerUp(PeerHello peer);

    /// No connection to `peer` is left; it is being tried again.
    void peerDown(NodeId peer);

    /// `peer`'s hello was refused, with a sentence for the operator (other cluster, other
    /// placement, no common protocol version, an older boot of the same node...).
    void peerRefused(NodeId peer, String reason);
  }

  /// What became of a message at this end.
  enum Sent {
    /// Queued for the connection; it may still be lost.
    QUEUED,
    /// Certainly not sent: no connection.
    NOT_CONNECTED,
    /// Certainly not sent: the queue to this peer is full.
    QUEUE_FULL,
    /// Certainly not sent: larger than the frame limit.
    TOO_LARGE
  }

  /// Queues one message. Nothing need leave before [#flush].
  Sent send(NodeId to, Bytes message);

  /// Sends what was queued since the last flush: one flush for each peer, at the end of a drained
  /// batch.
  void flush();

  /// The peers with which a connection is up, in order of their names.
  List<NodeId> connected();

  @Override
  void close();
}
