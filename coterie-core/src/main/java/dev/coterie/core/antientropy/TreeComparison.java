// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.antientropy;

import dev.coterie.core.message.TreeEntry;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.message.TreeNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What lies in one leaf at two owners, and wherein they differ.
public final class TreeComparison {
  /// A value that one of the two holds and the other does not.
  ///
  /// @param isOwn whether it is this owner who holds it
  public record Difference(TreeEntry entry, boolean isOwn) implements Comparable<Difference> {
    @Override
    public int compareTo(Difference other) {
      int order = entry.compareTo(other.entry);
      return order == 0 ? Boolean.compare(isOwn, other.isOwn) : order;
    }
  }

  private final int leaf;
  private final TreeSet<TreeEntry> own = new TreeSet<>();
  private final TreeSet<TreeEntry> theirs = new TreeSet<>();

  /// From here on one of the two was not kept; null where all was.
  private @Nullable TreeEntry end;

  public TreeComparison(int leaf) {
    this.leaf = leaf;
  }

  public int leaf() {
    return leaf;
  }

  /// @param most so many are kept, the first in their order; the rest is not compared
  public void addOwn(List<TreeEntry> entries, int most) {
    add(own, entries, most);
  }

  public void addTheirs(List<TreeEntry> entries, int most) {
    add(theirs, entries, most);
  }

  private void add(TreeSet<TreeEntry> to, List<TreeEntry> entries, int most) {
    for (TreeEntry entry : entries) {
      to.add(entry);
      if (to.size() > most) {
        TreeEntry left = to.removeLast();
        end = end == null || left.compareTo(end) < 0 ? left : end;
      }
    }
  }

  /// The symmetric difference of the two sets, as far as both are known. What has expired is no
  /// difference: one of the two may have reaped it.
  public TreeSet<Difference> differences(long wallMillis) {
    TreeEntry known = end;
    if (known != null) {
      own.tailSet(known, true).clear();
      theirs.tailSet(known, true).clear();
    }
    TreeSet<Difference> differences = new TreeSet<>();
    for (TreeEntry entry : own) {
      if (!theirs.contains(entry) && !isExpired(entry, wallMillis)) {
        differences.add(new Difference(entry, true));
      }
    }
    for (TreeEntry entry : theirs) {
      if (!own.contains(entry) && !isExpired(entry, wallMillis)) {
        differences.add(new Difference(entry, false));
      }
    }
    return differences;
  }

  private static boolean isExpired(TreeEntry entry, long wallMillis) {
    return entry.expiryMillis() > 0 && entry.expiryMillis() <= wallMillis;
  }

  /// What an owner answers who is told the sums `asked`: the children of each node that differs,
  /// the node itself where it is a leaf. Roots, or nothing, stand for all trees of the asker: of an
  /// hour that is not among them it holds nothing.
  ///
  /// @param from of earlier hours nothing is compared
  public static List<TreeNode> answer(HashTree tree, List<TreeNode> asked, long from) {
    List<TreeNode> answer = new ArrayList<>();
    TreeSet<Long> unnamed = tree.hours();
    unnamed.removeIf(hour -> !HashTree.isFrom(hour, from));
    boolean roots = true;
    for (TreeNode node : asked) {
      unnamed.remove(node.hour());
      roots &= node.index() == TreeNode.ROOT;
      if (!HashTree.isFrom(node.hour(), from)
          || tree.node(node.hour(), node.index()).equals(node)) {
        continue;
      }
      if (node.isLeaf()) {
        answer.add(tree.node(node.hour(), node.index()));
      } else {
        answer.addAll(tree.below(node.hour(), node.index()));
      }
      if (answer.size() >= TreeMessage.NODES_MAX) {
        return answer;
      }
    }
    if (roots) {
      for (long hour : unnamed) {
        if (!tree.node(hour, TreeNode.ROOT).sum().isZero()) {
          answer.addAll(tree.below(hour, TreeNode.ROOT));
        }
        if (answer.size() >= TreeMessage.NODES_MAX) {
          return answer;
        }
      }
    }
    return answer;
  }
}
