// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.host.transport.HelloCheck;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerMemory;
import dev.coterie.host.transport.PeerRefusal;
import dev.coterie.host.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All links between the nodes. A link has a direction. It can be cut (messages vanish, and the
/// connection is noticed as broken after a while) or held (messages wait to be delivered by hand).
public final class SimNetwork {
  /// One direction between two nodes.
  public record Link(NodeId from, NodeId to) implements Comparable<Link> {
    @Override
    public int compareTo(Link other) {
      int order = from.compareTo(other.from);
      return order == 0 ? to.compareTo(other.to) : order;
    }

    @Override
    public String toString() {
      return from + "->" + to;
    }
  }

  /// A message that waits for a hand.
  public record Held(Link link, Bytes message) {}

  /// Who hears of every message that arrives.
  @FunctionalInterface
  public interface Listener {
    void delivered(NodeId from, NodeId to, Bytes message);

    /// It leaves `from`, and may be lost.
    default void sent(NodeId from, NodeId to, Bytes message) {}

    /// It does not leave, for there is no connection.
    default void notSent(NodeId from, NodeId to, Bytes message) {}
  }

  /// Says what becomes of each message, in place of the model's draws, and hears of it.
  public interface Carrier {
    /// One copy of a message on its way.
    ///
    /// @param id what [#planned] and [#arrived] name it by
    record Copy(long id, long delayNanos) {}

    /// A message leaves. Where the link is `cut` it is lost, whatever is answered.
    ///
    /// @return the copies that go on their way; none where it is lost
    List<Copy> leaves(Link link, Bytes message, boolean cut);

    /// It will arrive at `at`: behind what left before it where the link keeps the order.
    void planned(long id, long at);

    /// It has arrived.
    ///
    /// @param taken whether somebody was there to take it, and the link was not cut meanwhile
    void arrived(long id, boolean taken);
  }

  /// One node's end.
  private static final class End implements Transport {
    final NodeId self;
    final SimNetwork network;
    final PeerHello hello;
    final Receiver receiver;
    final TreeSet<NodeId> up = new TreeSet<>();
    final HelloCheck check;
    boolean closed;
    long announced;

    End(
        NodeId self,
        SimNetwork network,
        PeerHello hello,
        List<NodeId> peers,
        PeerMemory memory,
        Receiver receiver) {
      this.check = new HelloCheck(peers, memory);
      this.self = self;
      this.network = network;
      this.hello = hello;
      this.receiver = receiver;
    }

    @Override
    public Sent send(NodeId to, Bytes message) {
      if (closed || !up.contains(to)) {
        network.listener.notSent(self, to, message);
        return Sent.NOT_CONNECTED;
      }
      if (message.length() > FRAME_MAX) {
        return Sent.TOO_LARGE;
      }
      network.carry(new Link(self, to), message);
      return Sent.QUEUED;
    }

    @Override
    public void flush() {}

    @Override
    public void announceSynced(long sequence) {
      announced = sequence;
      for (NodeId peer : up) {
        network.announce(this, peer);
      }
    }

    @Override
    public PeerMemory memory() {
      return check.memory();
    }

    @Override
    public List<NodeId> connected() {
      return new ArrayList<>(up);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        network.closed(this);
      }
    }
  }

  static final int FRAME_MAX = 17 << 20;

  /// How long a silent connection lives before it is given up.
  private static final long SILENCE_NANOS = 6_000_000_000L;

  /// A message that takes longer is late: no latency that is drawn comes near it but by bad luck.
  private static final long LATE_NANOS = 250_000_000L;

  private final Agenda agenda;
  private final Prng prng;

  /// For the failure detector's messages, so that they do not shift what the others draw.
  private final Prng watching;

  private final NetworkModel given;
  private NetworkModel model;
  private final SortedMap<NodeId, End> ends = new TreeMap<>();
  private final TreeSet<Link> cut = new TreeSet<>();
  private final SortedMap<Link, Predicate<Bytes>> holding = new TreeMap<>();
  private final List<Held> held = new ArrayList<>();
  private final SortedMap<Link, Long> lastArrival = new TreeMap<>();

  /// Between which two a message has been late, and when the last such one arrives.
  private final SortedMap<Link, Long> lateUntil = new TreeMap<>();

  private Listener listener = (from, to, message) -> {};
  private @Nullable Carrier carrier;
  private final SortedMap<Link, Long> changed = new TreeMap<>();

  /// When a link between two was last cut, or mended.
  private final SortedMap<Link, Long> cutChanged = new TreeMap<>();

  private long releasedAt;
  private long delivered;
  private long lost;

  SimNetwork(Agenda agenda, Prng prng, NetworkModel model) {
    this.agenda = agenda;
    this.prng = prng;
    this.watching = prng.fork("membership");
    this.given = model;
    this.model = model;
  }

  public void listen(Listener who) {
    listener = who;
  }

  /// From now on `who` decides what becomes of messages.
  public void carryBy(Carrier who) {
    carrier = who;
  }

  public long delivered() {
    return delivered;
  }

  public long lost() {
    return lost;
  }

  Transport open(
      PeerHello hello, List<NodeId> peers, PeerMemory memory, Transport.Receiver receiver) {
    End end = new End(hello.node(), this, hello, peers, memory, receiver);
    ends.put(hello.node(), end);
    for (End other : new ArrayList<>(ends.values())) {
      if (other != end) {
        dial(end, other);
        dial(other, end);
      }
    }
    return end;
  }

  private void dial(End from, End to) {
    agenda.after(
        model.latencyNanos(prng) + 1_000_000L,
        () -> {
          if (from.closed || to.closed || ends.get(to.self) != to || from.up.contains(to.self)) {
            return;
          }
          Link there = new Link(from.self, to.self);
          Link back = new Link(to.self, from.self);
          if (cut.contains(there) || cut.contains(back)) {
            agenda.after(500_000_000L, () -> dial(from, to));
            return;
          }
          greet(from, to);
        });
  }

  /// `from` says hello to `to`, by the rule that holds for every transport.
  private void greet(End from, End to) {
    PeerRefusal refusal = null;
    if (to.check.incoming(to.hello, from.hello, to.self)
        instanceof HelloCheck.Result.Refused(var kind, String sentence, long knownBoot)) {
      refusal = new PeerRefusal(to.self, kind, true, sentence, knownBoot);
    } else if (from.check.answer(from.hello, to.hello, to.self)
        instanceof HelloCheck.Result.Refused(var kind, String sentence, long knownBoot)) {
      refusal = new PeerRefusal(to.self, kind, false, sentence, knownBoot);
    }
    if (refusal != null) {
      agenda.after(500_000_000L, () -> dial(from, to));
      from.receiver.peerRefused(refusal);
      return;
    }
    from.up.add(to.self);
    touch(from.self, to.self);
    announce(from, to.self);
    from.receiver.peerUp(to.hello);
  }

  /// Part of the connection: late like a message, lost only with the connection.
  private void announce(End from, NodeId to) {
    Link link = new Link(from.self, to);
    long sequence = from.announced;
    if (sequence > 0) {
      agenda.after(
          model.latencyNanos(prng),
          () -> {
            End end = ends.get(to);
            if (end != null && !cut.contains(link)) {
              end.check.heard(from.self, from.hello.boot(), sequence);
            }
          });
    }
  }

  private void closed(End end) {
    if (ends.get(end.self) == end) {
      ends.remove(end.self);
    }
    for (End other : new ArrayList<>(ends.values())) {
      boolean silent = cut.contains(new Link(end.self, other.self));
      agenda.after(
          silent ? SILENCE_NANOS : model.latencyNanos(prng), () -> breakDown(other, end.self, end));
    }
  }

  /// `gone` is the end that went away; a newer one of the same node may be up by now.
  private void breakDown(End at, NodeId peer, End gone) {
    if (!at.closed && at.up.contains(peer) && (ends.get(peer) == null || ends.get(peer) != gone)) {
      at.up.remove(peer);
      touch(at.self, peer);
      at.check.left(peer);
      at.receiver.peerDown(peer);
      End present = ends.get(peer);
      if (present != null) {
        dial(at, present);
      }
    }
  }

  private void carry(Link link, Bytes message) {
    listener.sent(link.from(), link.to(), message);
    Predicate<Bytes> wanted = holding.get(link);
    if (wanted != null && wanted.test(message)) {
      held.add(new Held(link, message));
      return;
    }
    Carrier own = carrier;
    if (own != null) {
      carryBy(own, link, message);
      return;
    }
    Prng draws = isProbe(message) ? watching : prng;
    if (cut.contains(link) || (model.loss() > 0 && draws.chance(model.loss()))) {
      lost++;
      return;
    }
    int copies = model.duplicate() > 0 && draws.chance(model.duplicate()) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      long at = inOrder(link, agenda.now() + model.latencyNanos(draws));
      agenda.at(at, () -> arrive(link, message));
    }
  }

  /// When what would arrive at `at` does, where a link keeps the order.
  private long inOrder(Link link, long at) {
    long later = at;
    if (model.ordered()) {
      later = Math.max(at, lastArrival.getOrDefault(link, 0L));
      lastArrival.put(link, later);
    }
    if (later > agenda.now() + LATE_NANOS) {
      long unused = lateUntil.merge(pair(link.from(), link.to()), later, Math::max);
    }
    return later;
  }

  private void carryBy(Carrier own, Link link, Bytes message) {
    boolean lostHere = cut.contains(link);
    List<Carrier.Copy> copies = own.leaves(link, message, lostHere);
    if (lostHere || copies.isEmpty()) {
      lost++;
      return;
    }
    for (Carrier.Copy copy : copies) {
      long at = inOrder(link, agenda.now() + copy.delayNanos());
      own.planned(copy.id(), at);
      agenda.at(
          at,
          () -> {
            own.arrived(copy.id(), ends.containsKey(link.to()) && !cut.contains(link));
            arrive(link, message);
          });
    }
  }

  /// Whether it is one of the failure detector's.
  public static boolean isProbe(Bytes message) {
    int kind = message.length() == 0 ? 0 : message.array()[0];
    return kind >= MessageKind.PROBE.number() && kind <= MessageKind.NACK.number();
  }

  private void arrive(Link link, Bytes message) {
    End end = ends.get(link.to());
    if (end == null || cut.contains(link)) {
      lost++;
      return;
    }
    delivered++;
    listener.delivered(link.from(), link.to(), message);
    end.receiver.delivered(link.from(), message);
  }

  // What a nemesis or a script does

  public void cut(Link link) {
    if (cut.add(link)) {
      touch(link.from(), link.to());
      cutChanged.put(pair(link.from(), link.to()), agenda.now());
      agenda.after(
          SILENCE_NANOS,
          () -> {
            if (cut.contains(link)) {
              silent(link.from(), link.to());
              silent(link.to(), link.from());
            }
          });
    }
  }

  private void silent(NodeId at, NodeId peer) {
    End end = ends.get(at);
    if (end != null && end.up.remove(peer)) {
      touch(at, peer);
      end.check.left(peer);
      end.receiver.peerDown(peer);
      End other = ends.get(peer);
      if (other != null) {
        dial(end, other);
      }
    }
  }

  public void mend(Link link) {
    if (cut.remove(link)) {
      touch(link.from(), link.to());
      cutChanged.put(pair(link.from(), link.to()), agenda.now());
    }
  }

  /// From now on no message is lost, doubled or late on purpose; those under way still are.
  public void calm() {
    model = given.calm();
  }

  /// The end of [#calm].
  public void rough() {
    model = given;
  }

  public void mendAll() {
    for (Link link : new ArrayList<>(cut)) {
      mend(link);
    }
  }

  private void touch(NodeId a, NodeId b) {
    changed.put(pair(a, b), agenda.now());
  }

  private static Link pair(NodeId a, NodeId b) {
    return a.compareTo(b) < 0 ? new Link(a, b) : new Link(b, a);
  }

  /// Since when neither direction between `a` and `b` is cut or held, whether they are connected or
  /// not; never where one is.
  public long uncutSince(NodeId a, NodeId b) {
    Link there = new Link(a, b);
    Link back = new Link(b, a);
    boolean open =
        !cut.contains(there) && !cut.contains(back) && !isHeldUp(there) && !isHeldUp(back);
    return open ? Math.max(cutChanged.getOrDefault(pair(a, b), 0L), releasedAt) : Long.MAX_VALUE;
  }

  /// Since when no message between `a` and `b` has been late: one that wanders about holds up all
  /// that leaves behind it, where a link keeps the order. A time to come where one still is.
  public long promptSince(NodeId a, NodeId b) {
    return lateUntil.getOrDefault(pair(a, b), 0L);
  }

  /// Since when both directions between `a` and `b` have carried everything; never where they do
  /// not.
  public long wellSince(NodeId a, NodeId b) {
    return isWell(a, b) ? lastChange(a, b) : Long.MAX_VALUE;
  }

  /// Since when `a` and `b` have had no connection, at either end; never where they have one.
  public long apartSince(NodeId a, NodeId b) {
    boolean up = isUp(a, b) || isUp(b, a);
    return up ? Long.MAX_VALUE : lastChange(a, b);
  }

  private long lastChange(NodeId a, NodeId b) {
    long at = changed.getOrDefault(pair(a, b), 0L);
    return Math.max(at, releasedAt);
  }

  private boolean isUp(NodeId at, NodeId peer) {
    End end = ends.get(at);
    return end != null && end.up.contains(peer);
  }

  private boolean isWell(NodeId a, NodeId b) {
    Link there = new Link(a, b);
    Link back = new Link(b, a);
    return isUp(a, b)
        && isUp(b, a)
        && !cut.contains(there)
        && !cut.contains(back)
        && !isHeldUp(there)
        && !isHeldUp(back);
  }

  /// Messages are held there, or some that were still wait.
  private boolean isHeldUp(Link link) {
    return holding.containsKey(link)
        || held.stream().anyMatch(message -> message.link().equals(link));
  }

  public boolean isCut(Link link) {
    return cut.contains(link);
  }

  /// From now on the messages on `link` that `which` accepts wait for [#release], [#drop] or
  /// [#resume]; the others go on.
  public void hold(Link link, Predicate<Bytes> which) {
    holding.merge(link, which, Predicate::or);
  }

  /// Nothing more is held on `link`; what waits there goes on waiting.
  public void unhold(Link link) {
    holding.remove(link);
    releasedAt = agenda.now();
  }

  /// Messages that wait, in the order in which they were sent.
  public List<Held> held() {
    return held;
  }

  /// Delivers the `index`-th message that waits, now.
  public void release(int index, boolean keepOne) {
    Held message = keepOne ? held.get(index) : held.remove(index);
    releasedAt = agenda.now();
    agenda.after(0, () -> arrive(message.link(), message.message()));
  }

  public void drop(int index) {
    held.remove(index);
    releasedAt = agenda.now();
    lost++;
  }

  /// Ends holding everywhere; what waits is delivered.
  public void resume() {
    holding.clear();
    releasedAt = agenda.now();
    for (Held message : held) {
      agenda.after(1_000_000L, () -> arrive(message.link(), message.message()));
    }
    held.clear();
  }
}
