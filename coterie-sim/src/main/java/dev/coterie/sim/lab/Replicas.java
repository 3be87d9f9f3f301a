// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch.Change;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/// What every replica holds, as its disk says: which versions of which key, and how many hints.
/// Knows which keys' owners do not hold the same.
final class Replicas {
  private final LabRun run;
  private final World world;
  private final Recording recording;
  private final int n;
  private final int[][] owners;
  private final int[][] held;
  private final boolean[] apart;
  private final List<TreeSet<Bytes>> hints = new ArrayList<>();
  private int diverged;
  private long inStepSince;

  /// @param owners by key
  Replicas(LabRun run, World world, Recording recording, int n, int[][] owners) {
    this.run = run;
    this.world = world;
    this.recording = recording;
    this.n = n;
    this.owners = owners;
    this.held = new int[owners.length][world.nodes().size()];
    this.apart = new boolean[owners.length];
    for (SimNode node : world.nodes()) {
      hints.add(new TreeSet<>());
      node.disk().watch(change -> changed(Wire.number(node.id()), change));
    }
  }

  private void changed(int node, Change change) {
    switch (change) {
      case Change.Put put -> {
        if (put.table() == Table.RECORDS) {
          record(node, put.key(), put.value());
        } else if (put.table() == Table.HINTS && hints.get(node).add(Bytes.of(put.key()))) {
          tellHints(node);
        }
      }
      case Change.Delete delete -> {
        if (delete.table() == Table.RECORDS) {
          record(node, delete.key(), new byte[0]);
        } else if (delete.table() == Table.HINTS
            && hints.get(node).remove(Bytes.of(delete.key()))) {
          tellHints(node);
        }
      }
      case Change.DeleteRange range -> {
        if (range.table() == Table.HINTS) {
          hints.get(node).subSet(Bytes.of(range.from()), true, Bytes.of(range.to()), false).clear();
          tellHints(node);
        } else if (range.table() == Table.RECORDS) {
          world.agenda().after(0, () -> lookAgain(node));
        }
      }
    }
  }

  private void tellHints(int node) {
    int _ =
        recording.add(run.micros(), Recording.Type.HINTS, node, 0, 0, hints.get(node).size(), 0);
  }

  private void record(int node, byte[] key, byte[] value) {
    try {
      ObjectKey name = StoreCodec.keyOfRecord(key);
      KeyRecord record =
          value.length == 0
              ? KeyRecord.EMPTY
              : StoreCodec.record(value, world.nodeConfig().valueHashKey());
      holds(node, run.keyNumber(name), Wire.ids(record));
    } catch (DecodeException e) {
      throw new IllegalStateException("a disk was given what cannot be read", e);
    }
  }

  private void holds(int node, int key, int[] ids) {
    if (key < 0) {
      return;
    }
    int set = recording.set(ids);
    if (held[key][node] == set) {
      return;
    }
    held[key][node] = set;
    int _ = recording.add(run.micros(), Recording.Type.VERSIONS, node, 0, 0, key, set);
    boolean differ = false;
    for (int owner : owners[key]) {
      differ |= held[key][owner] != held[key][owners[key][0]];
    }
    if (differ != apart[key]) {
      apart[key] = differ;
      diverged += differ ? 1 : -1;
      inStepSince = diverged == 0 ? run.micros() : inStepSince;
    }
  }

  /// The disk of `node` has lost something: what is left there is looked up anew.
  void lookAgain(int node) {
    SimNode place = world.nodes().get(order(node));
    for (int key = 0; key < owners.length; key++) {
      KeyRecord record = place.stored().durableRecordOf(run.key(key), n);
      holds(node, key, record == null ? new int[0] : Wire.ids(record));
    }
    TreeSet<Bytes> left = hints.get(node);
    left.clear();
    for (var slot : place.stored().hints(true).keySet()) {
      left.add(Bytes.of(world.codec().hintKey(slot)));
    }
    tellHints(node);
  }

  /// Where the node with this number stands among the nodes of the world, which are in the order of
  /// their names.
  private int order(int node) {
    String name = Failure.name(node);
    for (int i = 0; i < world.nodes().size(); i++) {
      if (world.nodes().get(i).id().name().equals(name)) {
        return i;
      }
    }
    throw new IllegalStateException("no node " + name);
  }

  /// How many keys' owners do not hold the same.
  int diverged() {
    return diverged;
  }

  /// Since when none do, where none do now.
  long inStepSince() {
    return inStepSince;
  }

  int hints() {
    int sum = 0;
    for (TreeSet<Bytes> each : hints) {
      sum += each.size();
    }
    return sum;
  }

  int[] owners(int key) {
    return owners[key].clone();
  }

  /// Write ids that `node` holds of `key`.
  int[] held(int node, int key) {
    return recording.versions(held[key][node]);
  }

  boolean holds(int node, int key, int id) {
    return Arrays.binarySearch(recording.versions(held[key][node]), id) >= 0;
  }
}
