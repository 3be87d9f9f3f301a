// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.antientropy;

import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.message.TreeLeaf;
import dev.coterie.core.message.TreeNode;
import dev.coterie.core.message.TreeSum;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The live values of one copy of a group in sums (Merkle, 1987): 256 leaves by the hash of the
/// key, 16 nodes above them, a root. Values that expire lie in a tree of their hour.
///
/// Leaves are kept, what is above them is added up when it is asked for: a change costs one
/// addition. Leaves are plain numbers, so that a change leaves nothing behind for the collector.
public final class HashTree {
  /// What is hashed and how. Owners with another version are not compared.
  public static final int VERSION = 1;

  private final Plants plants;

  /// Low, high and count of each leaf, one after the other.
  private final SortedMap<Long, long[]> hours = new TreeMap<>();

  public HashTree(Plants plants) {
    this.plants = plants;
  }

  /// The hours of which there is a tree.
  public TreeSet<Long> hours() {
    return new TreeSet<>(hours.keySet());
  }

  public void add(long hour, int leaf, TreeSum unit) {
    TreeSum before = leaf(hour, leaf);
    if (plants.has(Plant.TREE_HASHES_ORDER)) {
      before = new TreeSum(31 * before.low(), before.high(), before.count());
    }
    set(hour, leaf, plants.has(Plant.TREE_SUM_XOR) ? xor(before, unit) : before.plus(unit));
  }

  public void remove(long hour, int leaf, TreeSum unit) {
    set(
        hour,
        leaf,
        plants.has(Plant.TREE_SUM_XOR)
            ? xor(leaf(hour, leaf), unit)
            : leaf(hour, leaf).minus(unit));
  }

  private static TreeSum xor(TreeSum one, TreeSum other) {
    return new TreeSum(one.low() ^ other.low(), one.high() ^ other.high(), 0);
  }

  public void set(long hour, int leaf, TreeSum sum) {
    long[] leaves = hours.get(hour);
    if (leaves == null) {
      if (sum.isZero()) {
        return;
      }
      leaves = new long[3 * TreeNode.LEAVES];
      hours.put(hour, leaves);
    }
    leaves[3 * leaf] = sum.low();
    leaves[3 * leaf + 1] = sum.high();
    leaves[3 * leaf + 2] = sum.count();
    if (sum.isZero() && isEmpty(leaves)) {
      hours.remove(hour); // its values have gone, and so does their tree
    }
  }

  /// Whether the tree of `hour` counts where those before `from` do not.
  public static boolean isFrom(long hour, long from) {
    return hour == 0 || hour >= from;
  }

  /// Drops the trees of the hours before `from`.
  ///
  /// @return the leaves that are dropped, each with the sum 0
  public List<TreeLeaf> dropBefore(long from) {
    List<TreeLeaf> dropped = new ArrayList<>();
    for (long hour : hours()) {
      if (isFrom(hour, from)) {
        continue;
      }
      for (int leaf = 0; leaf < TreeNode.LEAVES; leaf++) {
        if (!leaf(hour, leaf).isZero()) {
          dropped.add(new TreeLeaf(hour, leaf, TreeSum.ZERO));
        }
      }
      hours.remove(hour);
    }
    return dropped;
  }

  private static boolean isEmpty(long[] leaves) {
    for (long number : leaves) {
      if (number != 0) {
        return false;
      }
    }
    return true;
  }

  public TreeSum leaf(long hour, int leaf) {
    long[] leaves = hours.get(hour);
    return leaves == null
        ? TreeSum.ZERO
        : new TreeSum(leaves[3 * leaf], leaves[3 * leaf + 1], leaves[3 * leaf + 2]);
  }

  /// @param index see [TreeNode]
  public TreeNode node(long hour, int index) {
    if (index >= TreeNode.FIRST_LEAF) {
      return new TreeNode(hour, index, leaf(hour, index - TreeNode.FIRST_LEAF));
    }
    int width = index == TreeNode.ROOT ? TreeNode.LEAVES : TreeNode.FANOUT;
    int from = index == TreeNode.ROOT ? 0 : (index - 1) * TreeNode.FANOUT;
    TreeSum sum = TreeSum.ZERO;
    for (int i = from; i < from + width; i++) {
      sum = sum.plus(leaf(hour, i));
    }
    return new TreeNode(hour, index, sum);
  }

  /// The roots of all hours, those left out whose tree is empty.
  public List<TreeNode> roots() {
    return roots(0);
  }

  /// Those of the hours from `from` on, and of what stays.
  public List<TreeNode> roots(long from) {
    List<TreeNode> roots = new ArrayList<>();
    for (long hour : hours.keySet()) {
      TreeNode root = node(hour, TreeNode.ROOT);
      if (isFrom(hour, from) && !root.sum().isZero()) {
        roots.add(root);
      }
    }
    return roots;
  }

  /// The children of `index`.
  public List<TreeNode> below(long hour, int index) {
    List<TreeNode> children = new ArrayList<>(TreeNode.FANOUT);
    int first = TreeNode.firstChild(index);
    for (int i = 0; i < TreeNode.FANOUT; i++) {
      children.add(node(hour, first + i));
    }
    return children;
  }

  /// All values.
  public long count() {
    long count = 0;
    for (TreeNode root : roots()) {
      count += root.sum().count();
    }
    return count;
  }

  /// The leaves in which this tree and `other` differ, each with the sum of `other`.
  public List<TreeLeaf> differing(HashTree other) {
    TreeSet<Long> all = hours();
    all.addAll(other.hours.keySet());
    List<TreeLeaf> leaves = new ArrayList<>();
    for (long hour : all) {
      for (int leaf = 0; leaf < TreeNode.LEAVES; leaf++) {
        TreeSum theirs = other.leaf(hour, leaf);
        if (!leaf(hour, leaf).equals(theirs)) {
          leaves.add(new TreeLeaf(hour, leaf, theirs));
        }
      }
    }
    return leaves;
  }
}
