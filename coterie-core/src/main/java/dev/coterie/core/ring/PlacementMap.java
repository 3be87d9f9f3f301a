// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Who owns what, as of one epoch: for every policy (n copies, n from 1 to [#copiesMax()]) a row of
/// owners per partition. Made by the [Allocator] alone, immutable, shared between shards.
///
/// With fewer machines than n a partition has one owner on each machine, never two
/// ([#effectiveN(int)]); such a row grows by itself in the map that follows when a machine joins.
public final class PlacementMap {
  public static final int MEMBERS_MAX = 4_096;

  private final long epoch;
  private final Ring ring;
  private final Topology topology;
  private final List<Placement> placements;
  private final List<Replica> asPrimary;
  private final List<Replica> asFallback;
  private final long fingerprint;
  // Preference lists made so far, [n - 1][partition]; about 4 bytes per member each. Shards may
  // make the
  // same one at the same time: both make equal, immutable ones, so it does not matter whose stays.
  private final PreferenceList[][] made;

  PlacementMap(long epoch, Ring ring, Topology topology, List<Placement> placements) {
    this.epoch = epoch;
    this.ring = ring;
    this.topology = topology;
    this.placements = List.copyOf(placements);
    this.made = new PreferenceList[placements.size()][ring.partitions()];
    List<Replica> primary = new ArrayList<>();
    List<Replica> fallback = new ArrayList<>();
    for (Member member : topology.members()) {
      primary.add(new Replica(member.id(), member.machine(), Role.PRIMARY));
      fallback.add(new Replica(member.id(), member.machine(), Role.FALLBACK));
    }
    this.asPrimary = List.copyOf(primary);
    this.asFallback = List.copyOf(fallback);
    this.fingerprint = computeFingerprint();
  }

  /// 1 at the birth of the cluster, one more with every change.
  public long epoch() {
    return epoch;
  }

  public Ring ring() {
    return ring;
  }

  /// In order of their names.
  public List<Member> members() {
    return topology.members();
  }

  public boolean isMember(NodeId node) {
    return indexOf(node) >= 0;
  }

  /// The greatest n that this map has rows for.
  public int copiesMax() {
    return placements.size();
  }

  public int machineCount() {
    return topology.machines();
  }

  /// How many owners a partition has when n copies are asked for: no more than there are machines
  /// among the members (not: among the live ones).
  public int effectiveN(int n) {
    return placement(n).copies();
  }

  /// Whom to ask for a partition under the policy of n copies. Made at first use, then kept.
  public PreferenceList preferenceList(int n, int partition) {
    Placement placement = placement(n);
    ring.check(partition);
    PreferenceList list = made[n - 1][partition];
    if (list == null) {
      list = makeList(n, partition, placement);
      made[n - 1][partition] = list;
    }
    return list;
  }

  /// The owners of a partition, the leading one first.
  public List<NodeId> ownersOf(int n, int partition) {
    ring.check(partition);
    List<NodeId> owners = new ArrayList<>();
    for (int node : placement(n).owners()[partition]) {
      owners.add(topology.members().get(node).id());
    }
    return List.copyOf(owners);
  }

  /// The partitions that a node owns under the policy of n copies, ascending; none for a stranger.
  public List<Integer> partitionsOwnedBy(NodeId node, int n) {
    Placement placement = placement(n);
    int index = indexOf(node);
    List<Integer> owned = new ArrayList<>();
    for (int partition = 0; index >= 0 && partition < ring.partitions(); partition++) {
      if (placement.owns(partition, index)) {
        owned.add(partition);
      }
    }
    return List.copyOf(owned);
  }

  /// The epoch in which the group's owners last changed; what requests to its replicas carry.
  public long groupEpoch(int n, int partition) {
    ring.check(partition);
    return placement(n).epochs()[partition];
  }

  /// A hash over all of it: version of the allocator, epoch, Q, members with labels and weights,
  /// rows. Two nodes whose fingerprints differ place data differently and must not talk.
  public long fingerprint() {
    return fingerprint;
  }

  /// The whole map as text, the same on every machine: members, then a line per group.
  public String describe() {
    StringBuilder text = new StringBuilder();
    text.append("placement epoch=").append(epoch);
    text.append(" partitions=").append(ring.partitions());
    text.append(" members=").append(members().size());
    text.append(" machines=").append(machineCount());
    text.append(" allocator=").append(Allocator.VERSION);
    text.append(String.format(Locale.ROOT, " fingerprint=%016x\n", fingerprint));
    for (Member member : members()) {
      text.append("member ").append(member.id());
      text.append(" machine=").append(member.machine());
      text.append(" rack=").append(member.rack().isEmpty() ? "?" : member.rack());
      text.append(" zone=").append(member.zone().isEmpty() ? "?" : member.zone());
      text.append(" weight=").append(member.weight()).append('\n');
    }
    for (int n = 1; n <= copiesMax(); n++) {
      for (int partition = 0; partition < ring.partitions(); partition++) {
        text.append(new GroupId(n, partition)).append(" epoch=").append(groupEpoch(n, partition));
        for (NodeId owner : ownersOf(n, partition)) {
          text.append(' ').append(owner);
        }
        text.append('\n');
      }
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "placement epoch=%d fingerprint=%016x", epoch, fingerprint);
  }

  Topology topology() {
    return topology;
  }

  Placement placement(int n) {
    Invariant.check(
        n >= 1 && n <= placements.size(), "no rows for n=%s, only 1 to %s", n, placements.size());
    return placements.get(n - 1);
  }

  private int indexOf(NodeId node) {
    int low = 0;
    int high = asPrimary.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = asPrimary.get(middle).node().compareTo(node);
      if (order == 0) {
        return middle;
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /// Fallbacks go by rank, but a machine that already has a place waits until each other machine
  /// has one: a stand-in on a new machine is one more machine that holds the write.
  private PreferenceList makeList(int n, int partition, Placement placement) {
    List<Replica> replicas = new ArrayList<>();
    boolean[] used = new boolean[topology.machines()];
    boolean[] owner = new boolean[topology.nodes()];
    for (int node : placement.owners()[partition]) {
      replicas.add(asPrimary.get(node));
      used[topology.above(Topology.MACHINE, node)] = true;
      owner[node] = true;
    }
    long[] ranks = new long[topology.nodes()];
    List<Integer> others = new ArrayList<>();
    for (int node = 0; node < ranks.length; node++) {
      ranks[node] = Placement.rank(topology, partition, node);
      if (!owner[node]) {
        others.add(node);
      }
    }
    others.sort((a, b) -> Long.compare(ranks[a], ranks[b]));
    List<Replica> last = new ArrayList<>();
    for (int node : others) {
      int machine = topology.above(Topology.MACHINE, node);
      (used[machine] ? last : replicas).add(asFallback.get(node));
      used[machine] = true;
    }
    replicas.addAll(last);
    return new PreferenceList(new GroupId(n, partition), placement.epochs()[partition], replicas);
  }

  private long computeFingerprint() {
    Mixer mixer = new Mixer(Allocator.VERSION);
    mixer.add(epoch).add(ring.partitions()).add(members().size());
    for (Member member : members()) {
      mixer.add(member.id().name()).add(member.machine());
      mixer.add(member.rack()).add(member.zone()).add(member.weight());
    }
    mixer.add(placements.size());
    for (Placement placement : placements) {
      mixer.add(placement.copies());
      for (int partition = 0; partition < ring.partitions(); partition++) {
        mixer.add(placement.epochs()[partition]);
        for (int node : placement.owners()[partition]) {
          mixer.add(node);
        }
      }
    }
    return mixer.value();
  }
}
