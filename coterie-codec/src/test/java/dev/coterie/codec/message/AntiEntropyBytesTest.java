// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.antientropy.TreeComparison;
import dev.coterie.core.antientropy.TreeHash;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plants;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ExchangeMessage;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.TreeEntry;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.message.TreeMessage.Terms;
import dev.coterie.core.message.TreeNode;
import dev.coterie.core.message.TreeSum;
import dev.coterie.core.ring.GroupId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What it costs two owners of a million keys to find and mend one that is missing, by hash trees
/// and by clocks, in bytes of messages as they are sent: the figures of `docs/anti-entropy.md`.
@Tag("slow")
final class AntiEntropyBytesTest {
  private static final int KEYS = 1_000_000;
  private static final int VALUE_BYTES = 100;
  private static final int ENTRIES_IN_PART = 1_000;
  private static final ActorId ACTOR = new ActorId(new NodeId("n1"), 3, 0x1122334455667788L, 0);

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 12})
  void thePageHasTheFigures(int ringBits) throws Exception {
    String line =
        String.format(
            Locale.ROOT,
            "| %,d | %,d | %,d | %,d | %,d |",
            1 << ringBits,
            inStepByTrees(ringBits),
            trees(ringBits),
            inStepByClocks(ringBits),
            byClocks(ringBits));
    assertThat(Files.readString(Path.of("../docs/anti-entropy.md"))).contains(line);
  }

  private static ObjectKey key(int number) {
    return new ObjectKey(
        BucketId.untyped(Bytes.utf8("carts")),
        Bytes.utf8(String.format(Locale.ROOT, "user-%08d", number)));
  }

  private static TreeEntry entry(int number) {
    return new TreeEntry(key(number), new Dot(ACTOR, number + 1), number * 31L, 0);
  }

  private static KeyRecord record(int number) {
    Dot dot = new Dot(ACTOR, number + 1);
    return new KeyRecord(
        List.of(new Sibling(dot, Bytes.of(new byte[VALUE_BYTES]), 7, 0, Bytes.EMPTY)),
        CausalContext.of(dot));
  }

  private static long bytes(Message message) {
    return MessageCodec.encode(message).length();
  }

  private static GroupClock clock(int ringBits) {
    return GroupClock.of(DotSet.EMPTY.withRange(ACTOR, 1, KEYS >> ringBits));
  }

  private static Terms terms() {
    return new Terms(1L << 40, 1, new GroupId(3, 0), 3, 3, HashTree.VERSION, -1);
  }

  private static long trees(int ringBits) {
    SipHash ringKey = new SipHash(3, 4);
    TreeHash hash = TreeHash.of(new SipHash(1, 2), new GroupId(3, 0), ringKey, ringBits);
    HashTree mine = new HashTree(Plants.NONE);
    HashTree theirs = new HashTree(Plants.NONE);
    List<TreeEntry> inGroup = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      TreeEntry entry = entry(i);
      long at = hash.hash(entry.key());
      if (ringBits > 0 && at >>> (Long.SIZE - ringBits) != 0) {
        continue;
      }
      int leaf = hash.leafOf(at);
      if (!inGroup.isEmpty()) {
        mine.add(0, leaf, hash.unit(entry)); // the first one is missing here
      }
      theirs.add(0, leaf, hash.unit(entry));
      inGroup.add(entry);
    }
    GroupClock clock = clock(ringBits);
    long sum = 0;
    int leaf = -1;
    List<TreeNode> asked = mine.roots();
    while (!asked.isEmpty()) {
      List<TreeNode> answer = TreeComparison.answer(theirs, asked, 0);
      sum += bytes(new TreeMessage.TreeRequest(terms(), asked));
      sum +=
          bytes(new TreeMessage.TreeReply(terms(), TreeMessage.TreeStatus.COMPARED, clock, answer));
      asked = new ArrayList<>();
      for (TreeNode node : answer) {
        TreeNode own = mine.node(node.hour(), node.index());
        if (!own.equals(node) && node.isLeaf()) {
          leaf = node.leaf();
        } else if (!own.equals(node)) {
          asked.add(own);
        }
      }
    }
    List<TreeEntry> part = new ArrayList<>();
    for (TreeEntry entry : inGroup) {
      if (hash.leafOf(hash.hash(entry.key())) == leaf) {
        part.add(entry);
      }
    }
    for (int from = 0; from < part.size(); from += ENTRIES_IN_PART) {
      List<TreeEntry> some = part.subList(from, Math.min(part.size(), from + ENTRIES_IN_PART));
      Bytes cursor = Bytes.of(new byte[30]);
      sum += bytes(new TreeMessage.LeafRequest(terms(), leaf, cursor));
      sum += bytes(new TreeMessage.LeafReply(terms(), leaf, cursor, some, cursor, false));
    }
    // Both looks, then the key and what each has of it.
    ObjectKey missing = inGroup.getFirst().key();
    GroupId group = terms().group();
    return 2 * sum
        + bytes(new TreeMessage.KeysRequest(terms(), List.of(missing)))
        + bytes(new ReplicaMessage.RepairReplica(0, 1, group, missing, KeyRecord.EMPTY, clock))
        + bytes(new ReplicaMessage.RepairReplica(0, 1, group, missing, record(0), clock));
  }

  private static long inStepByTrees(int ringBits) {
    HashTree tree = new HashTree(Plants.NONE);
    tree.set(0, 7, new TreeSum(-1, -1, KEYS));
    return bytes(new TreeMessage.TreeRequest(terms(), tree.roots()))
        + bytes(
            new TreeMessage.TreeReply(
                terms(), TreeMessage.TreeStatus.COMPARED, clock(ringBits), List.of()));
  }

  private static long request(int ringBits) {
    return bytes(
        new ExchangeMessage.ExchangeRequest(
            1L << 40, 1, new GroupId(3, 0), 3, 3, clock(ringBits), new TreeMap<>()));
  }

  private static long reply(
      int ringBits, ExchangeMessage.ExchangeStatus status, List<ExchangeMessage.Lent> lent) {
    return bytes(
        new ExchangeMessage.ExchangeReply(
            1L << 40, new GroupId(3, 0), 3, 3, status, clock(ringBits), lent, new TreeMap<>()));
  }

  private static long inStepByClocks(int ringBits) {
    return request(ringBits) + reply(ringBits, ExchangeMessage.ExchangeStatus.IN_STEP, List.of());
  }

  private static long byClocks(int ringBits) {
    ExchangeMessage.Lent lent =
        new ExchangeMessage.Lent(
            key(0),
            record(0),
            List.of(new LogEntry(new Dot(ACTOR, 1), key(0), List.of(), Bytes.EMPTY)));
    return request(ringBits)
        + reply(ringBits, ExchangeMessage.ExchangeStatus.RECORDS, List.of(lent))
        + inStepByClocks(ringBits);
  }
}
