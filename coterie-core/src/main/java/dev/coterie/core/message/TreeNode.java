// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Invariant;

/// One node of a group's hash tree and its sum.
///
/// @param hour which tree: that of the values which expire in this hour since 1970, 0 for those
///   which never do
/// @param index 0 the root, 1 to 16 the inner nodes, 17 to 272 the leaves
public record TreeNode(long hour, int index, TreeSum sum) {
  public static final int ROOT = 0;
  public static final int FANOUT = 16;
  public static final int LEAVES = FANOUT * FANOUT;

  /// The index of leaf 0.
  public static final int FIRST_LEAF = 1 + FANOUT;

  /// How many nodes a tree has.
  public static final int NODES = FIRST_LEAF + LEAVES;

  public TreeNode {
    Invariant.check(isIndex(index), "no node %s in a tree", index);
  }

  public static boolean isIndex(int index) {
    return index >= 0 && index < NODES;
  }

  public boolean isLeaf() {
    return index >= FIRST_LEAF;
  }

  /// Which of the 256 leaves this is.
  public int leaf() {
    return index - FIRST_LEAF;
  }

  /// The first of the [#FANOUT] nodes below `index`, which is no leaf.
  public static int firstChild(int index) {
    return 1 + index * FANOUT;
  }
}
