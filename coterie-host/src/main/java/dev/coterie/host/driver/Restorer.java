// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.driver;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.TreeLeaf;
import dev.coterie.core.node.Event;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Change;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads out of the store what a starting shard must know: its groups' clocks and the bucket
/// properties.
public final class Restorer {
  private Restorer() {}

  /// @param trust how far the store can be believed; a damaged clock or log makes it
  ///   [Event.Trust#AMNESIAC]
  public static Event.Restored restore(
      Store store,
      StoreCodec codec,
      int shard,
      int shards,
      long boot,
      long nonce,
      Event.Trust trust) {
    Event.Trust found = trust;
    SortedMap<GroupId, Change.GroupState> states = new TreeMap<>();
    SortedMap<GroupId, DotSet> logs = new TreeMap<>();
    List<PropertiesEntry> properties = new ArrayList<>();
    try (Store.Cursor groups = store.scan(Table.GROUPS, new byte[0], null)) {
      while (groups.next()) {
        GroupId group = codec.groupOfKey(groups.key());
        if (group.partition() % shards == shard) {
          states.put(group, StoreCodec.group(groups.value()));
        }
      }
    } catch (StoreException | DecodeException damaged) {
      found = Event.Trust.AMNESIAC;
    }
    try (Store.Cursor log = store.scan(Table.LOG, new byte[0], null)) {
      while (log.next()) {
        GroupId group = codec.groupOfKey(log.key());
        if (group.partition() % shards == shard) {
          logs.merge(
              group,
              DotSet.of(StoreCodec.dotOfLogKey(log.key())),
              (all, one) ->
                  all.with(new dev.coterie.core.causality.Dot(one.actor(0), one.bounds(0)[0])));
        }
      }
    } catch (StoreException | DecodeException damaged) {
      found = Event.Trust.AMNESIAC;
    }
    SortedMap<GroupId, List<TreeLeaf>> trees = new TreeMap<>();
    try (Store.Cursor leaves = store.scan(Table.TREES, new byte[0], null)) {
      while (leaves.next()) {
        GroupId group = codec.groupOfKey(leaves.key());
        if (group.partition() % shards == shard) {
          trees
              .computeIfAbsent(group, _ -> new ArrayList<>())
              .add(StoreCodec.treeLeaf(leaves.key(), leaves.value()));
        }
      }
    } catch (StoreException | DecodeException damaged) {
      // A sum that is missing differs from the scan, which tells of damage in its group alone: all
      // that its other owners hold is taken back.
    }
    try (Store.Cursor entries =
        store.scan(Table.META, StoreCodec.propertiesFrom(), StoreCodec.propertiesTo())) {
      while (entries.next()) {
        properties.add(StoreCodec.properties(entries.value()));
      }
    } catch (StoreException | DecodeException damaged) {
      // The other members still know them: they are fetched before this node serves.
      found = Event.Trust.AMNESIAC;
    }
    // Of every shard there ever was: to refuse more than one has promised does no harm.
    SortedMap<NodeId, Long> refused = new TreeMap<>();
    try (Store.Cursor entries =
        store.scan(Table.META, StoreCodec.refusedFrom(), StoreCodec.refusedTo())) {
      while (entries.next()) {
        StoreCodec.refused(entries.value())
            .forEach((node, below) -> refused.merge(node, below, Math::max));
      }
    } catch (StoreException | DecodeException damaged) {
      found = Event.Trust.AMNESIAC;
    }
    List<Event.RestoredGroup> groups = new ArrayList<>();
    states.forEach(
        (group, state) ->
            groups.add(
                new Event.RestoredGroup(
                    group,
                    state,
                    logs.getOrDefault(group, DotSet.EMPTY),
                    trees.getOrDefault(group, List.of()))));
    return new Event.Restored(boot, nonce, found, groups, properties, refused);
  }
}
