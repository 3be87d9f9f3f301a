// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.transport;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.PeerRefusal.Kind;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Decides whether a hello is accepted, for every transport alike, and remembers the newest boot
/// (with its nonce) of each peer that was, and what it has synced ([PeerMemory]). Pure; not
/// thread-safe.
///
/// The order of the questions matters: a hello of another cluster, or one that reached the wrong
/// node, must not change what is remembered of a member.
public final class HelloCheck {
  /// What became of a hello.
  public sealed interface Result {
    /// `protocol` is the version to speak; `newBoot` where no connection of an older boot of this
    /// peer may live on.
    record Accepted(int protocol, boolean newBoot) implements Result {}

    /// @param knownBoot with [Kind#OLDER_BOOT]: the latest boot that was met; else 0
    record Refused(Kind kind, String sentence, long knownBoot) implements Result {}
  }

  /// @param live whether a connection with that boot is up
  private record Met(long boot, long nonce, long storeId, boolean live) {}

  private record Mark(long boot, long sequence) {}

  private static final Met NEVER = new Met(0, 0, 0, false);
  private static final Mark NOTHING = new Mark(0, 0);

  private final TreeSet<NodeId> peers;
  private final SortedMap<NodeId, Met> met = new TreeMap<>();
  private final SortedMap<NodeId, Mark> marks = new TreeMap<>();

  /// @param peers the other members
  /// @param before what was heard of them before this start
  public HelloCheck(Collection<NodeId> peers, PeerMemory before) {
    this.peers = new TreeSet<>(peers);
    before
        .peers()
        .forEach(
            (peer, known) -> {
              if (this.peers.contains(peer)) {
                recall(peer, known);
              }
            });
  }

  private void recall(NodeId peer, PeerMemory.Known known) {
    if (known.boot() > 0) {
      met.put(peer, new Met(known.boot(), known.nonce(), known.storeId(), false));
    }
    if (known.syncedBoot() > 0) {
      marks.put(peer, new Mark(known.syncedBoot(), known.synced()));
    }
  }

  /// What is to be kept over a restart.
  public PeerMemory memory() {
    SortedMap<NodeId, PeerMemory.Known> known = new TreeMap<>();
    for (NodeId peer : peers) {
      Met newest = met.getOrDefault(peer, NEVER);
      Mark mark = marks.getOrDefault(peer, NOTHING);
      if (newest != NEVER || mark != NOTHING) {
        known.put(
            peer,
            new PeerMemory.Known(
                newest.boot, newest.nonce, newest.storeId, mark.boot, mark.sequence));
      }
    }
    return new PeerMemory(known);
  }

  /// `peer` says that in `boot` its store has synced everything up to `sequence`.
  public void heard(NodeId peer, long boot, long sequence) {
    Mark before = marks.get(peer);
    if (before == null
        || boot > before.boot
        || (boot == before.boot && sequence > before.sequence)) {
      marks.put(peer, new Mark(boot, sequence));
    }
  }

  /// The last connection with `peer` is gone.
  public void left(NodeId peer) {
    Met before = met.get(peer);
    if (before != null) {
      met.put(peer, new Met(before.boot, before.nonce, before.storeId, false));
    }
  }

  /// Judges the hello of a node that dialled this one and believed to reach `intended`.
  public Result incoming(PeerHello own, PeerHello theirs, NodeId intended) {
    if (theirs.cluster().equals(own.cluster()) && !intended.equals(own.node())) {
      return wrongNode(theirs.node(), intended, own.node());
    }
    return judge(own, theirs);
  }

  /// Judges the answer that came from the address of `dialled`.
  public Result answer(PeerHello own, PeerHello theirs, NodeId dialled) {
    if (theirs.cluster().equals(own.cluster()) && !theirs.node().equals(dialled)) {
      return wrongNode(own.node(), dialled, theirs.node());
    }
    return judge(own, theirs);
  }

  private static Result wrongNode(NodeId dialler, NodeId dialled, NodeId found) {
    return new Result.Refused(
        Kind.WRONG_NODE,
        dialler
            + " dialled "
            + dialled
            + " and reached "
            + found
            + ": correct the address of "
            + dialled
            + " in the list of members of "
            + dialler,
        0);
  }

  private Result judge(PeerHello own, PeerHello theirs) {
    String refusal;
    if (!theirs.cluster().equals(own.cluster())) {
      refusal =
          theirs.node()
              + " belongs to cluster '"
              + theirs.cluster()
              + "', "
              + own.node()
              + " to '"
              + own.cluster()
              + "': one of them has a wrong address or a wrong cluster name";
      return new Result.Refused(Kind.WRONG_CLUSTER, refusal, 0);
    }
    if (theirs.node().equals(own.node())) {
      return clone(own, theirs);
    }
    if (!peers.contains(theirs.node())) {
      refusal =
          theirs.node()
              + " is not among the members that "
              + own.node()
              + " knows: give every node the same list of members";
      return new Result.Refused(Kind.UNKNOWN_NODE, refusal, 0);
    }
    OptionalInt protocol = own.commonProtocol(theirs);
    if (protocol.isEmpty()) {
      refusal =
          theirs.node()
              + " speaks the protocol versions "
              + versions(theirs)
              + ", "
              + own.node()
              + " speaks "
              + versions(own)
              + ": upgrade the older one to a release that speaks both";
      return new Result.Refused(Kind.NO_COMMON_PROTOCOL, refusal, 0);
    }
    if (theirs.placementEpoch() == own.placementEpoch()
        && theirs.placementFingerprint() != own.placementFingerprint()) {
      refusal =
          theirs.node()
              + " and "
              + own.node()
              + " computed different placement maps of epoch "
              + own.placementEpoch()
              + ": make their lists of members, machines and weights equal";
      return new Result.Refused(Kind.OTHER_PLACEMENT, refusal, 0);
    }
    return judgeBoot(own, theirs, protocol.getAsInt());
  }

  private Result judgeBoot(PeerHello own, PeerHello theirs, int protocol) {
    @Nullable Met before = met.get(theirs.node());
    if (before != null && theirs.boot() < before.boot) {
      String refusal =
          theirs.node()
              + " is in its boot "
              + theirs.boot()
              + ", but "
              + own.node()
              + " has met its boot "
              + before.boot
              + ": it runs on an old image of its data, or another process runs on a copy";
      return new Result.Refused(Kind.OLDER_BOOT, refusal, before.boot);
    }
    if (before != null && theirs.boot() == before.boot && theirs.nonce() != before.nonce) {
      return before.live ? clone(own, theirs) : sameBoot(own, theirs);
    }
    if (before != null && isAnotherStore(before, theirs)) {
      return otherStore(own, theirs, before.boot);
    }
    @Nullable Mark mark = marks.get(theirs.node());
    if (mark != null
        && mark.boot >= theirs.lostAt()
        && mark.boot < theirs.boot()
        && theirs.openedAt() < mark.sequence) {
      String refusal =
          theirs.node()
              + " had synced its changes up to "
              + mark.sequence
              + " in boot "
              + mark.boot
              + " (says "
              + own.node()
              + "), but its store holds those up to "
              + theirs.openedAt()
              + ": it is an old image, or its disk has lost the end";
      return new Result.Refused(Kind.ROLLED_BACK, refusal, theirs.boot());
    }
    met.put(theirs.node(), new Met(theirs.boot(), theirs.nonce(), theirs.storeId(), true));
    return new Result.Accepted(protocol, before != null && theirs.boot() > before.boot);
  }

  /// Whether the store is not the one that was met, and the node does not say so itself: its disk
  /// was emptied, and it has started more often since than it had before.
  private static boolean isAnotherStore(Met before, PeerHello theirs) {
    return before.storeId != 0
        && theirs.storeId() != 0
        && before.storeId != theirs.storeId()
        && theirs.lostAt() <= before.boot;
  }

  private static Result otherStore(PeerHello own, PeerHello theirs, long metBoot) {
    return new Result.Refused(
        Kind.OLDER_BOOT,
        theirs.node()
            + " is in its boot "
            + theirs.boot()
            + " on another store than in boot "
            + metBoot
            + ", which "
            + own.node()
            + " has met: its data was lost",
        theirs.boot());
  }

  /// Both were the same boot's number, and the earlier one has ended: the number was lost with the
  /// data.
  private static Result sameBoot(PeerHello own, PeerHello theirs) {
    return new Result.Refused(
        Kind.OLDER_BOOT,
        theirs.node()
            + " says that it is in boot "
            + theirs.boot()
            + ", but "
            + own.node()
            + " has met another boot of that number: its data was lost or is an old image",
        theirs.boot());
  }

  private static Result clone(PeerHello own, PeerHello theirs) {
    return new Result.Refused(
        Kind.CLONE,
        "there are two processes that call themselves "
            + theirs.node()
            + " in boot "
            + theirs.boot()
            + " (says "
            + own.node()
            + "): one runs on a copy of the other's data, stop it",
        0);
  }

  private static String versions(PeerHello hello) {
    return hello.protocolMin() + " to " + hello.protocolMax();
  }
}
