// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.HelloCheck;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerMemory;
import dev.coterie.host.transport.PeerRefusal;
import dev.coterie.host.transport.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Messages between nodes over TCP; see the package's page. It runs on event loops that it is given
/// and does not own.
public final class NettyTransport implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

  /// Counts since the start.
  ///
  /// @param dropped messages that [Transport#send] did not take, by its answer
  /// @param lost messages that waited when their connection ended
  /// @param breaks ended connections and failed attempts, by reason
  /// @param unknownFrames frames of a kind that this release does not know
  public record Counts(
      Map<Sent, Long> dropped, long lost, Map<Break, Long> breaks, long unknownFrames) {}

  private final NettyOptions options;
  private final Receiver receiver;
  private final EventLoopGroup loops;
  private final Class<? extends SocketChannel> channelType;
  private final SharedCheck check;
  private final SortedMap<NodeId, PeerLink> links = new TreeMap<>();
  private final Map<NodeId, PeerRefusal> told = new ConcurrentSkipListMap<>();
  private final Map<NodeId, Accepted> acceptedPeers = new ConcurrentSkipListMap<>();
  private final Set<Accepted> acceptedAll = ConcurrentHashMap.newKeySet();
  private final AtomicLongArray breaks = new AtomicLongArray(Break.values().length);
  private final AtomicLongArray dropped = new AtomicLongArray(Sent.values().length);
  private final LongAdder lost = new LongAdder();
  private final LongAdder unknownFrames = new LongAdder();
  private final Channel server;
  private volatile boolean closed;
  private volatile long announced;

  /// The hellos of all connections, judged one at a time.
  static final class SharedCheck {
    private final HelloCheck check;

    SharedCheck(HelloCheck check) {
      this.check = check;
    }

    synchronized PeerMemory memory() {
      return check.memory();
    }

    synchronized void heard(NodeId peer, long boot, long sequence) {
      check.heard(peer, boot, sequence);
    }

    synchronized void left(NodeId peer) {
      check.left(peer);
    }

    synchronized HelloCheck.Result incoming(PeerHello own, PeerHello theirs, NodeId intended) {
      return check.incoming(own, theirs, intended);
    }

    synchronized HelloCheck.Result answer(PeerHello own, PeerHello theirs, NodeId dialled) {
      return check.answer(own, theirs, dialled);
    }
  }

  /// Listens, and begins to dial the peers.
  ///
  /// @throws ListenException where the address cannot be listened on; nothing is left open then
  public static NettyTransport open(NettyOptions options, EventLoopGroup loops, Receiver receiver)
      throws IOException {
    NettyTransport transport = new NettyTransport(options, loops, receiver);
    transport.links.values().forEach(PeerLink::start);
    return transport;
  }

  private NettyTransport(NettyOptions options, EventLoopGroup loops, Receiver receiver)
      throws IOException {
    this.options = options;
    this.receiver = receiver;
    this.loops = loops;
    this.channelType = NettyLoops.channel(loops);
    this.check = new SharedCheck(new HelloCheck(options.peers().keySet(), options.memory()));
    options
        .peers()
        .forEach(
            (peer, address) -> links.put(peer, new PeerLink(this, peer, address, loops.next())));
    this.server = listen();
  }

  private Channel listen() throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NettyLoops.serverChannel(loops))
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    welcome(channel);
                  }
                })
            .bind(options.listen())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new ListenException(options.listen(), bound.cause());
    }
    return bound.channel();
  }

  private void welcome(Channel channel) {
    long strangers = acceptedAll.stream().filter(Accepted::isStranger).count();
    if (closed || strangers >= options.limits().strangersMax()) {
      count(Break.CROWDED);
      channel.close();
      return;
    }
    Accepted accepted = new Accepted(this, channel);
    acceptedAll.add(accepted);
    channel
        .closeFuture()
        .addListener(
            _ -> {
              acceptedAll.remove(accepted);
              NodeId node = accepted.node();
              if (node != null && acceptedPeers.remove(node, accepted)) {
                mayHaveLeft(node);
              }
            });
    accepted.begin();
  }

  /// Where other nodes reach this one.
  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  @Override
  public Sent send(NodeId to, Bytes message) {
    PeerLink link = links.get(to);
    Sent answer = link == null ? Sent.NOT_CONNECTED : link.send(message);
    if (answer != Sent.QUEUED) {
      dropped.incrementAndGet(answer.ordinal());
    }
    return answer;
  }

  @Override
  public void flush() {
    for (PeerLink link : links.values()) {
      link.flush();
    }
  }

  /// Sends what is for people, and on which nothing rests; see [Transport.Receiver#reported]. It is
  /// dropped where it is too large, where messages wait for the kernel, and where the connection
  /// ends first.
  ///
  /// @return whether a connection was up and the size not too large
  public boolean report(NodeId to, Bytes report) {
    PeerLink link = links.get(to);
    return link != null && link.report(report);
  }

  @Override
  public void announceSynced(long sequence) {
    announced = sequence;
    links.values().forEach(PeerLink::announce);
  }

  @Override
  public List<NodeId> connected() {
    List<NodeId> up = new ArrayList<>();
    links.forEach(
        (peer, link) -> {
          if (link.isUp()) {
            up.add(peer);
          }
        });
    return up;
  }

  @Override
  public PeerMemory memory() {
    return check.memory();
  }

  /// Bytes that wait for peers.
  public long queuedBytes() {
    return links.values().stream().mapToLong(PeerLink::queuedBytes).sum();
  }

  public Counts counts() {
    Map<Sent, Long> notSent = new EnumMap<>(Sent.class);
    for (Sent answer : Sent.values()) {
      notSent.put(answer, dropped.get(answer.ordinal()));
    }
    Map<Break, Long> ended = new EnumMap<>(Break.class);
    for (Break reason : Break.values()) {
      ended.put(reason, breaks.get(reason.ordinal()));
    }
    return new Counts(notSent, lost.sum(), ended, unknownFrames.sum());
  }

  /// Ends all connections and attempts. Not to be called on one of the event loops.
  @Override
  public void close() {
    closed = true;
    server.close().awaitUninterruptibly();
    List<Future<?>> stopping = new ArrayList<>();
    for (PeerLink link : links.values()) {
      stopping.add(link.stop());
    }
    for (Accepted accepted : acceptedAll) {
      accepted.closeFromElsewhere(Break.STOPPED);
    }
    // What is still told is told by tasks that each loop has taken before this one.
    for (EventExecutor loop : loops) {
      stopping.add(loop.submit(() -> {}));
    }
    stopping.forEach(Future::awaitUninterruptibly);
  }

  private void mayHaveLeft(NodeId peer) {
    PeerLink link = links.get(peer);
    if (!acceptedPeers.containsKey(peer) && (link == null || !link.isUp())) {
      check.left(peer);
    }
  }

  // For the connections

  /// The last synced sequence number that the node has announced; 0 for none.
  long announced() {
    return announced;
  }

  NettyOptions options() {
    return options;
  }

  Class<? extends SocketChannel> channelType() {
    return channelType;
  }

  SharedCheck check() {
    return check;
  }

  Receiver receiver() {
    return receiver;
  }

  void count(Break reason) {
    breaks.incrementAndGet(reason.ordinal());
  }

  void unknownFrame() {
    unknownFrames.increment();
  }

  void lost(int messages) {
    lost.add(messages);
  }

  /// Why a connection ended on which `cause` was thrown.
  Break reasonOf(Throwable cause) {
    if (cause instanceof IOException) {
      return Break.CLOSED;
    }
    LOG.error("a connection is closed because of a defect of this program", cause);
    return Break.DEFECT;
  }

  /// `peer` sends on `connection` from now on, and on no older one.
  void accepted(Accepted connection, NodeId peer) {
    Accepted before = acceptedPeers.put(peer, connection);
    if (before != null) {
      before.closeFromElsewhere(Break.REPLACED);
    }
    PeerLink link = links.get(peer);
    if (link != null) {
      link.hurry();
    }
  }

  void up(PeerHello peer) {
    told.remove(peer.node());
    if (!closed) {
      receiver.peerUp(peer);
    }
  }

  void down(NodeId peer) {
    mayHaveLeft(peer);
    if (!closed) {
      receiver.peerDown(peer);
    }
  }

  void refused(PeerRefusal refusal) {
    PeerRefusal before = told.put(refusal.peer(), refusal);
    if (!refusal.equals(before) && !closed) {
      receiver.peerRefused(refusal);
    }
  }
}
