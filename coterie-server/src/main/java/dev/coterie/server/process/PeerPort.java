// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerMemory;
import dev.coterie.host.transport.Transport;
import dev.coterie.netty.NettyLimits;
import dev.coterie.netty.NettyOptions;
import dev.coterie.netty.NettyTiming;
import dev.coterie.netty.NettyTransport;
import dev.coterie.server.config.Config;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.SortedMap;
import java.util.TreeMap;

/// Opens the connections to the peers as the configuration says.
record PeerPort(Config config, EventLoopGroup loops) implements NodeBoot.TransportOpener {
  private static final int BACKOFF_MILLIS_MIN = 50;

  @Override
  public NettyTransport open(PeerHello hello, PeerMemory memory, Transport.Receiver receiver)
      throws IOException {
    SortedMap<NodeId, InetSocketAddress> peers = new TreeMap<>();
    for (Config.Member member : config.cluster().members()) {
      if (!member.id().equals(hello.node())) {
        // Looked up at each attempt, for names that move.
        peers.put(
            member.id(),
            InetSocketAddress.createUnresolved(member.peer().host(), member.peer().port()));
      }
    }
    Config.Peer peer = config.peer();
    NettyLimits standard = NettyLimits.standard();
    NettyLimits limits =
        new NettyLimits(
            Math.min(peer.frameBytesMax(), NettyLimits.FRAME_BYTES_MOST),
            peer.queueBytesMax(),
            standard.queueMessagesMax(),
            standard.strangersMax());
    NettyTiming timing =
        new NettyTiming(
            (int) peer.connectTimeoutMillis(),
            (int) peer.connectTimeoutMillis(),
            (int) peer.pingMillis(),
            (int) Math.max(peer.pingTimeoutMillis(), 2 * peer.pingMillis()),
            BACKOFF_MILLIS_MIN,
            (int) peer.backoffMillisMax());
    return NettyTransport.open(
        new NettyOptions(() -> hello, peer.listen().address(), peers, memory, limits, timing),
        loops,
        receiver);
  }
}
