// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerMemory;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// What a [NettyTransport] must know.
///
/// @param hello what this node says of itself; asked at each connection, on any event loop, because
///   boot and placement can change while it runs
/// @param listen where other nodes reach this one; port 0 takes a free one
/// @param peers the other members and their addresses; an unresolved one is looked up anew at each
///   attempt
/// @param memory what was heard of the peers before this start
/// @param limits how much is held at once
/// @param timing how long is waited for what
public record NettyOptions(
    Supplier<PeerHello> hello,
    InetSocketAddress listen,
    SortedMap<NodeId, InetSocketAddress> peers,
    PeerMemory memory,
    NettyLimits limits,
    NettyTiming timing) {
  public NettyOptions {
    peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
    NodeId self = hello.get().node();
    if (peers.containsKey(self)) {
      throw new IllegalArgumentException("node " + self + " cannot be a peer of its own");
    }
  }

  public static NettyOptions standard(
      Supplier<PeerHello> hello, InetSocketAddress listen, Map<NodeId, InetSocketAddress> peers) {
    return new NettyOptions(
        hello,
        listen,
        new TreeMap<>(peers),
        PeerMemory.EMPTY,
        NettyLimits.standard(),
        NettyTiming.standard());
  }
}
