// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.ring.Replica;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/// What the disks must hold once everything is healed: at all owners the same (O11), every
/// acknowledged write or what replaced it (O1), nothing that was replaced (O13) or refused (O14),
/// and no sibling beside a write that had seen it (O3).
final class Ending {
  private final World world;
  private final History history;
  private final Owners owners;
  private final LastWrites lastWrites;
  private final BiConsumer<String, String> violated;

  /// @param violated hears the oracle and the sentence
  Ending(
      World world,
      History history,
      Owners owners,
      LastWrites lastWrites,
      BiConsumer<String, String> violated) {
    this.world = world;
    this.history = history;
    this.owners = owners;
    this.lastWrites = lastWrites;
    this.violated = violated;
  }

  /// The records that fail their checksum and could be taken back from another owner.
  List<String> damagedRecords() {
    List<String> found = new ArrayList<>();
    for (ObjectKey key : history.keys()) {
      List<Replica> all = owners.of(key);
      for (Replica owner : all) {
        boolean damaged = world.node(owner.node()).stored().recordOf(key, owners.n(key)) == null;
        if (damaged && all.size() > 1) {
          found.add("the record of " + key + " at " + owner.node() + " is damaged");
        }
      }
    }
    return found;
  }

  void judge(ObjectKey key) {
    TreeSet<Integer> live = new TreeSet<>();
    if (!judgeOwners(key, live)) {
      return;
    }
    List<Operation> writes = history.writes(key);
    Map<Integer, Boolean> explained = new TreeMap<>();
    for (Operation write : writes) {
      if (live.contains(write.id)) {
        judgeLive(write, live);
      }
      boolean safe =
          write.spec.durability() == Durability.SYNCED
              && history.lostSince(write.invokedAt) <= write.spec.w() - 1;
      if (!write.isAcked()) {
        continue;
      }
      if (!safe) {
        if (write.kind == Operation.Kind.PUT && !isExplained(write, writes, live, explained)) {
          judgeTold(write);
        }
        continue;
      }
      for (int id : live) {
        if (write.past.get(id)) {
          violated.accept("O13", "w" + id + " is live although " + write + " replaced it");
        }
      }
      if (write.kind == Operation.Kind.PUT && !isExplained(write, writes, live, explained)) {
        violated.accept("O1", write + " was acknowledged at w=" + write.spec.w() + " and is lost");
      }
    }
  }

  /// More disks were destroyed than `write` can bear: then those that were emptied or set back must
  /// have said so.
  private void judgeTold(Operation lost) {
    for (History.Damage disk : history.replacedSince(lost.invokedAt)) {
      if (world.node(disk.node()).toldLossAt() < disk.at()) {
        violated.accept(
            "O1",
            lost + " is lost, and " + disk.node() + " never said that its disk lost anything");
      }
    }
  }

  /// Whether all owners hold the same.
  ///
  /// @param live takes what any of them holds
  /// @return whether there is more to judge of the key
  private boolean judgeOwners(ObjectKey key, TreeSet<Integer> live) {
    String first = "";
    List<Replica> all = owners.of(key);
    for (Replica owner : all) {
      SimNode node = world.node(owner.node());
      KeyRecord record = node.stored().recordOf(key, owners.n(key));
      if (record == null) {
        if (all.size() == 1) {
          return false; // nobody else has it: it stays damaged, and is told to be
        }
        violated.accept(
            "O11", "the record of " + key + " at " + owner.node() + " is still damaged");
        continue;
      }
      String values = values(Expiry.visible(record, world.latestWallMillis()), live);
      if (owner == all.getFirst()) {
        first = values;
      } else if (!values.equals(first)) {
        violated.accept(
            "O11",
            key
                + " differs: "
                + all.getFirst().node()
                + " holds "
                + first
                + ", "
                + owner.node()
                + " holds "
                + values);
      }
    }
    return true;
  }

  private static String values(KeyRecord record, TreeSet<Integer> live) {
    TreeSet<Integer> ids = new TreeSet<>();
    for (Sibling sibling : record.siblings()) {
      ids.add(History.idOf(sibling.value()));
    }
    live.addAll(ids);
    return ids.toString();
  }

  private void judgeLive(Operation write, TreeSet<Integer> live) {
    if (write.answered && write.result == Operation.Result.REJECTED) {
      violated.accept("O14", write + " had been rejected, and is there");
    }
    for (int other : live) {
      if (write.past.get(other) && !owners.areDestroyed(write.key, history)) {
        violated.accept("O3", "w" + other + " stands beside " + write + ", which had seen it");
      }
    }
  }

  /// A write that is not there must have been replaced by one that had seen it and that is itself
  /// there, replaced, or a delete.
  private boolean isExplained(
      Operation write, List<Operation> writes, TreeSet<Integer> live, Map<Integer, Boolean> known) {
    if (live.contains(write.id)
        || lastWrites.isSettled(write)
        || (write.isExpired(world.latestWallMillis()) && !write.dots.isEmpty())) {
      return true;
    }
    Boolean before = known.get(write.id);
    if (before != null) {
      return before;
    }
    known.put(write.id, false);
    for (Operation later : writes) {
      if (later.hasReplaced(write)
          && (later.kind == Operation.Kind.DELETE || isExplained(later, writes, live, known))) {
        known.put(write.id, true);
        return true;
      }
    }
    return false;
  }
}
