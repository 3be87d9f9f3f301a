// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.antientropy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.base.Prng;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.TreeEntry;
import dev.coterie.core.message.TreeLeaf;
import dev.coterie.core.message.TreeNode;
import dev.coterie.core.message.TreeSum;
import dev.coterie.core.ring.GroupId;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Hash trees against sets.
final class HashTreeLawsTest {
  private static final TreeHash HASH =
      TreeHash.of(new SipHash(1, 2), new GroupId(3, 5), new SipHash(3, 4), 3);

  private static TreeEntry draw(Prng prng) {
    return new TreeEntry(
        new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("k" + prng.between(1, 4_000))),
        new Dot(new ActorId(new NodeId("n1"), 1, 7, 0), prng.between(1, 3)),
        prng.between(1, 2),
        prng.chance(800_000) ? 0 : prng.between(1, 5) * 3_600_000L);
  }

  private static void add(HashTree tree, TreeEntry entry) {
    tree.add(
        TreeHash.hourOf(entry.expiryMillis()),
        HASH.leafOf(HASH.hash(entry.key())),
        HASH.unit(entry));
  }

  private static void remove(HashTree tree, TreeEntry entry) {
    tree.remove(
        TreeHash.hourOf(entry.expiryMillis()),
        HASH.leafOf(HASH.hash(entry.key())),
        HASH.unit(entry));
  }

  private static HashTree of(TreeSet<TreeEntry> set) {
    HashTree tree = new HashTree(Plants.NONE);
    set.forEach(entry -> add(tree, entry));
    return tree;
  }

  private static BigInteger number(TreeSum sum) {
    BigInteger mask = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    return BigInteger.valueOf(sum.high())
        .shiftLeft(64)
        .add(BigInteger.valueOf(sum.low()).and(mask))
        .mod(BigInteger.ONE.shiftLeft(128));
  }

  @Test
  void sumsAreThoseModuloTwoToThe128() {
    Prng prng = new Prng(1);
    BigInteger modulus = BigInteger.ONE.shiftLeft(128);
    for (int i = 0; i < 10_000; i++) {
      TreeSum one = new TreeSum(edge(prng), edge(prng), prng.between(0, 9));
      TreeSum two = new TreeSum(edge(prng), edge(prng), prng.between(0, 9));
      assertThat(number(one.plus(two))).isEqualTo(number(one).add(number(two)).mod(modulus));
      assertThat(one.plus(two).minus(two)).isEqualTo(one);
      assertThat(number(one.minus(two))).isEqualTo(number(one).subtract(number(two)).mod(modulus));
    }
  }

  private static long edge(Prng prng) {
    return prng.nextBoolean() ? prng.between(0, 4) - 2 : prng.nextLong();
  }

  /// A tree changed step by step is the tree of what is left, in whatever order it came about.
  @Test
  void incrementalEqualsRebuilt() {
    for (int seed = 1; seed <= 50; seed++) {
      Prng prng = new Prng(seed);
      TreeSet<TreeEntry> set = new TreeSet<>();
      HashTree tree = new HashTree(Plants.NONE);
      for (int i = 0; i < 500; i++) {
        TreeEntry entry = draw(prng);
        if (set.add(entry)) {
          add(tree, entry);
        } else if (set.remove(entry)) {
          remove(tree, entry);
        }
        if (!set.isEmpty() && prng.chance(400_000)) {
          TreeEntry gone = prng.pick(new ArrayList<>(set));
          set.remove(gone);
          remove(tree, gone);
        }
      }
      assertThat(tree.differing(of(set))).isEmpty();
      assertThat(tree.roots()).isEqualTo(of(set).roots());
      assertThat(tree.count()).isEqualTo(set.size());
    }
  }

  /// Going down from the roots, as two owners do by messages, ends in exactly the leaves that hold
  /// the difference of the sets, and the leaves' lists name exactly it.
  @Test
  void theDifferenceOfTreesIsTheDifferenceOfSets() {
    for (int seed = 1; seed <= 200; seed++) {
      Prng prng = new Prng(seed);
      TreeSet<TreeEntry> mine = new TreeSet<>();
      for (int i = 0; i < prng.between(0, 400); i++) {
        mine.add(draw(prng));
      }
      TreeSet<TreeEntry> theirs = new TreeSet<>(mine);
      for (int i = 0; i < prng.between(0, 6); i++) {
        TreeEntry drawn = draw(prng);
        if (!theirs.remove(drawn)) {
          theirs.add(drawn);
        }
        if (!theirs.isEmpty() && prng.nextBoolean()) {
          theirs.remove(prng.pick(new ArrayList<>(theirs)));
        }
      }
      TreeSet<TreeEntry> expected = new TreeSet<>(mine);
      expected.removeAll(theirs);
      TreeSet<TreeEntry> lacking = new TreeSet<>(theirs);
      lacking.removeAll(mine);
      expected.addAll(lacking);

      TreeSet<TreeEntry> found = new TreeSet<>();
      for (int leaf : descend(of(mine), of(theirs))) {
        TreeComparison comparison = new TreeComparison(leaf);
        comparison.addOwn(inLeaf(mine, leaf), 1_000_000);
        comparison.addTheirs(inLeaf(theirs, leaf), 1_000_000);
        for (TreeComparison.Difference difference : comparison.differences(0)) {
          assertThat(mine.contains(difference.entry())).isEqualTo(difference.isOwn());
          found.add(difference.entry());
        }
      }
      assertThat(found).as("seed %s", seed).isEqualTo(expected);
      assertThat(of(mine).roots().equals(of(theirs).roots())).isEqualTo(expected.isEmpty());
    }
  }

  private static List<TreeEntry> inLeaf(TreeSet<TreeEntry> set, int leaf) {
    return set.stream().filter(each -> HASH.leafOf(HASH.hash(each.key())) == leaf).toList();
  }

  private static TreeSet<Integer> descend(HashTree mine, HashTree theirs) {
    TreeSet<Integer> leaves = new TreeSet<>();
    List<TreeNode> asked = mine.roots();
    boolean roots = true;
    while (!asked.isEmpty() || roots) {
      roots = false;
      List<TreeNode> next = new ArrayList<>();
      for (TreeNode node : TreeComparison.answer(theirs, asked, 0)) {
        TreeNode own = mine.node(node.hour(), node.index());
        if (own.equals(node)) {
          continue;
        }
        if (node.isLeaf()) {
          leaves.add(node.leaf());
        } else {
          next.add(own);
        }
      }
      asked = next;
    }
    return leaves;
  }

  /// F39: the same value counted once too often, twice over, does not cancel; XORed it would.
  @Test
  void whatIsAddedTwiceDoesNotCancel() {
    TreeEntry entry = draw(new Prng(3));
    for (Plants plants : List.of(Plants.NONE, Plants.of(Plant.TREE_SUM_XOR))) {
      HashTree once = new HashTree(plants);
      add(once, entry);
      HashTree thrice = new HashTree(plants);
      for (int i = 0; i < 3; i++) {
        add(thrice, entry);
      }
      List<TreeLeaf> differing = once.differing(thrice);
      assertThat(differing.isEmpty()).isEqualTo(plants.has(Plant.TREE_SUM_XOR));
    }
  }

  /// Each part of what is hashed counts, and so does the group's key.
  @Test
  void everyPartIsHashed() {
    ActorId actor = new ActorId(new NodeId("n1"), 1, 7, 0);
    ObjectKey key = new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("k"));
    TreeEntry entry = new TreeEntry(key, new Dot(actor, 1), 5, 0);
    List<TreeEntry> others =
        List.of(
            new TreeEntry(key, new Dot(actor, 2), 5, 0),
            new TreeEntry(key, new Dot(new ActorId(new NodeId("n1"), 1, 8, 0), 1), 5, 0),
            new TreeEntry(key, new Dot(new ActorId(new NodeId("n1"), 2, 7, 0), 1), 5, 0),
            new TreeEntry(key, new Dot(new ActorId(new NodeId("n1"), 1, 7, 1), 1), 5, 0),
            new TreeEntry(key, new Dot(new ActorId(new NodeId("n2"), 1, 7, 0), 1), 5, 0),
            new TreeEntry(key, new Dot(actor, 1), 6, 0),
            new TreeEntry(key, new Dot(actor, 1), 5, 1),
            new TreeEntry(
                new ObjectKey(BucketId.untyped(Bytes.utf8("bk")), Bytes.EMPTY),
                new Dot(actor, 1),
                5,
                0));
    for (TreeEntry other : others) {
      assertThat(HASH.unit(other)).isNotEqualTo(HASH.unit(entry));
    }
    TreeHash elsewhere = TreeHash.of(new SipHash(1, 2), new GroupId(3, 6), new SipHash(3, 4), 3);
    assertThat(elsewhere.unit(entry)).isNotEqualTo(HASH.unit(entry));
    assertThat(elsewhere.keyCheck()).isNotEqualTo(HASH.keyCheck());
  }
}
