// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.antientropy.TreeHash;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.message.TreeLeaf;
import dev.coterie.core.message.TreeNode;
import dev.coterie.core.message.TreeSum;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The hash tree of one copy, changed in the same batch as its records, and the walk that proves it
/// by a rebuild from a scan.
///
/// The scan goes in order of the keys' hashes, part by part, while writes go on. What is written
/// behind the place where the walk stands changes the rebuilt tree too; what is written before it
/// the scan is going to read. So at the end both must be equal, leaf by leaf, and a leaf that is
/// written all the time is proved like any other.
final class KeptTree {
  /// Changes that may fall between a question and its answer; above it the part is read again.
  private static final int TOUCHED_MAX = 4096;

  private final GroupId group;
  private final TreeHash hash;
  private final Plants plants;
  private final HashTree kept;

  /// Leaves of which is known that the sum may be wrong, though nothing is lost: a record that
  /// could not be read was mended, and what it had held could not be taken away.
  private final boolean[] doubtful = new boolean[TreeNode.LEAVES];

  /// Of values that expire in an earlier hour no sums are kept: every owner's clock is past it.
  private long from;

  private @Nullable Walk walk;

  private static final class Walk {
    final HashTree found;

    /// Everything up to this hash (unsigned) has been read; nothing before the first part.
    long upTo;

    boolean begun;
    List<Long> touched = new ArrayList<>();
    boolean overrun;

    Walk(Plants plants) {
      this.found = new HashTree(plants);
    }

    boolean hasPassed(long keyHash) {
      return begun && Long.compareUnsigned(keyHash, upTo) <= 0;
    }
  }

  KeptTree(GroupId group, TreeHash hash, Plants plants, List<TreeLeaf> restored, long from) {
    this.from = from;
    this.group = group;
    this.hash = hash;
    this.plants = plants;
    this.kept = new HashTree(plants);
    for (TreeLeaf leaf : restored) {
      kept.set(leaf.hour(), leaf.leaf(), leaf.sum());
    }
  }

  HashTree tree() {
    return kept;
  }

  long from() {
    return from;
  }

  TreeHash hash() {
    return hash;
  }

  boolean isDoubtful() {
    for (boolean each : doubtful) {
      if (each) {
        return true;
      }
    }
    return false;
  }

  /// The record of `key` changes.
  ///
  /// @param before null where it could not be read
  void changed(ObjectKey key, @Nullable KeyRecord before, KeyRecord after, VnodeOutput out) {
    long keyHash = hash.hash(key);
    int leaf = hash.leafOf(keyHash);
    Walk walking = walk;
    HashTree rebuilt = walking != null && walking.hasPassed(keyHash) ? walking.found : null;
    if (walking != null && rebuilt == null) {
      if (walking.touched.size() < TOUCHED_MAX) {
        walking.touched.add(keyHash);
      } else {
        walking.overrun = true;
      }
    }
    doubtful[leaf] |= before == null;
    TreeSet<Long> touched = new TreeSet<>();
    if (before != null) {
      for (Sibling sibling : before.siblings()) {
        if (holds(after, sibling) || plants.has(Plant.TREE_NOT_UPDATED_ON_DROP)) {
          continue;
        }
        TreeSum unit = hash.unit(TreeHash.entry(key, sibling));
        long hour = TreeHash.hourOf(sibling.expiryMillis());
        if (HashTree.isFrom(hour, from)) {
          kept.remove(hour, leaf, unit);
          touched.add(hour);
        }
        if (rebuilt != null) {
          rebuilt.remove(hour, leaf, unit);
        }
      }
    }
    for (Sibling sibling : after.siblings()) {
      if (before != null && holds(before, sibling)) {
        continue;
      }
      TreeSum unit = hash.unit(TreeHash.entry(key, sibling));
      long hour = TreeHash.hourOf(sibling.expiryMillis());
      if (HashTree.isFrom(hour, from)) {
        kept.add(hour, leaf, unit);
        touched.add(hour);
      }
      if (rebuilt != null) {
        rebuilt.add(hour, leaf, unit);
      }
    }
    for (long hour : touched) {
      put(hour, leaf, out);
    }
  }

  /// Whether the record holds what a tree takes for the same value.
  private static boolean holds(KeyRecord record, Sibling value) {
    for (Sibling sibling : record.siblings()) {
      if (sibling.valueHash() == value.valueHash()
          && sibling.expiryMillis() == value.expiryMillis()
          && sibling.dot().equals(value.dot())) {
        return true;
      }
    }
    return false;
  }

  private void put(long hour, int leaf, VnodeOutput out) {
    out.change(new Change.PutTreeLeaf(group, new TreeLeaf(hour, leaf, kept.leaf(hour, leaf))));
  }

  // The walk

  void beginWalk() {
    walk = new Walk(plants);
  }

  boolean isWalking() {
    return walk != null;
  }

  void endWalk() {
    walk = null;
  }

  /// The next part is asked for. What is written from now on may be in the answer or not.
  void asked() {
    if (walk != null) {
      walk.touched = new ArrayList<>();
      walk.overrun = false;
    }
  }

  /// A part of the scan has come.
  ///
  /// @param whole false where the disk would not give some of it: what had lain there is unknown
  /// @return false where records of this part have changed since it was asked for: it must be read
  ///   again
  boolean read(List<CopyEntry> entries, List<ObjectKey> damaged, boolean whole, boolean last) {
    Walk walking = walk;
    if (walking == null) {
      return true;
    }
    long end = walking.upTo;
    boolean any = walking.begun;
    for (CopyEntry entry : entries) {
      long at = hash.hash(entry.key());
      end = !any || Long.compareUnsigned(at, end) > 0 ? at : end;
      any = true;
    }
    for (ObjectKey key : damaged) {
      long at = hash.hash(key);
      end = !any || Long.compareUnsigned(at, end) > 0 ? at : end;
      any = true;
    }
    if (last) {
      end = -1L;
      any = true;
    }
    if (walking.overrun) {
      return false;
    }
    for (long touched : walking.touched) {
      if (any && Long.compareUnsigned(touched, end) <= 0) {
        return false;
      }
    }
    for (CopyEntry entry : entries) {
      int leaf = hash.leafOf(hash.hash(entry.key()));
      for (Sibling sibling : entry.record().siblings()) {
        walking.found.add(
            TreeHash.hourOf(sibling.expiryMillis()),
            leaf,
            hash.unit(TreeHash.entry(entry.key(), sibling)));
      }
    }
    for (ObjectKey key : damaged) {
      doubtful[hash.leafOf(hash.hash(key))] = true;
    }
    if (!whole) {
      int to = last ? doubtful.length - 1 : hash.leafOf(end);
      for (int leaf = walking.begun ? hash.leafOf(walking.upTo) : 0; leaf <= to; leaf++) {
        doubtful[leaf] = true;
      }
    }
    walking.upTo = end;
    walking.begun = any;
    return true;
  }

  /// The walk has reached the end: where what is kept is not what was found. Leaves that are in
  /// doubt are set right. Of hours that are past the sums are let go; where the clock went back, so
  /// that some are not past any more, they are those that were found.
  ///
  /// @param left the hours before this are past by every owner's clock
  List<TreeLeaf> compare(long left, VnodeOutput out) {
    List<TreeLeaf> wrong = new ArrayList<>();
    Walk walking = walk;
    if (walking != null) {
      boolean past = !walking.found.dropBefore(left).isEmpty();
      List<TreeLeaf> dropped = kept.dropBefore(left);
      for (TreeLeaf leaf : dropped) {
        put(leaf.hour(), leaf.leaf(), out);
      }
      for (TreeLeaf leaf : kept.differing(walking.found)) {
        if (doubtful[leaf.leaf()] || !HashTree.isFrom(leaf.hour(), from)) {
          adopt(leaf, out);
        } else {
          wrong.add(leaf);
        }
      }
      Arrays.fill(doubtful, false);
      if (left < from || past || !dropped.isEmpty()) {
        from = left;
      }
    }
    return wrong;
  }

  /// How many values the walk has found.
  long found() {
    return walk == null ? 0 : walk.found.count();
  }

  void adopt(TreeLeaf found, VnodeOutput out) {
    kept.set(found.hour(), found.leaf(), found.sum());
    put(found.hour(), found.leaf(), out);
  }
}
