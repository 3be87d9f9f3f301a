// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.history;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.message.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// All operations of a run, the writes by key, and which disks were destroyed when.
public final class History {
  /// What of that is known.
  public enum Loss {
    /// The node is told, or sees it at its next start.
    KNOWN,
    /// The disk was emptied or set back, and its node or a peer knows better: it must say so.
    REPLACED,
    /// Nothing on the disk says so.
    SILENT,
    /// All that clients wrote is there: only the node does not know it.
    NOTHING_WRITTEN
  }

  /// A disk lost something.
  public record Damage(long at, NodeId node, Loss loss) {}

  private final List<Operation> operations = new ArrayList<>();
  private final SortedMap<ObjectKey, List<Operation>> writes = new TreeMap<>();
  private final Map<Dot, Operation> byDot = new LinkedHashMap<>();
  private final List<Damage> damages = new ArrayList<>();

  public void add(Operation operation) {
    operations.add(operation);
    if (operation.isWrite()) {
      writes.computeIfAbsent(operation.key, key -> new ArrayList<>()).add(operation);
    }
  }

  public List<Operation> operations() {
    return operations;
  }

  public List<Operation> writes(ObjectKey key) {
    return writes.getOrDefault(key, List.of());
  }

  public List<ObjectKey> keys() {
    return new ArrayList<>(writes.keySet());
  }

  public int nextId() {
    return operations.size() + 1;
  }

  /// The operation with this id; null for a number that nobody was given.
  public @org.jspecify.annotations.Nullable Operation byId(int id) {
    return id >= 1 && id <= operations.size() ? operations.get(id - 1) : null;
  }

  /// The write that a value names; 0 where it names none.
  public static int idOf(Bytes value) {
    String text = new String(value.array(), StandardCharsets.UTF_8);
    if (text.length() < 2 || text.charAt(0) != 'w') {
      return 0;
    }
    int id = 0;
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ') {
        break;
      }
      if (c < '0' || c > '9' || id > 100_000_000) {
        return 0;
      }
      id = id * 10 + (c - '0');
    }
    return id;
  }

  /// Notes that `dot` was minted for `operation`.
  ///
  /// @return the operation that had the dot before, where there was another
  public @org.jspecify.annotations.Nullable Operation minted(Dot dot, Operation operation) {
    Operation before = byDot.putIfAbsent(dot, operation);
    if (before == null || before == operation) {
      operation.dots.add(dot);
    }
    return before == operation ? null : before;
  }

  public @org.jspecify.annotations.Nullable Operation ofDot(Dot dot) {
    return byDot.get(dot);
  }

  /// The disk of `node` lost synced data at `at`.
  public void damaged(long at, NodeId node) {
    damages.add(new Damage(at, node, Loss.KNOWN));
  }

  /// The disk of `node` lost synced data at `at`, and nothing on it says so.
  public void damagedSilently(long at, NodeId node) {
    damages.add(new Damage(at, node, Loss.SILENT));
  }

  /// The disk of `node` was emptied or set back at `at`, and it or its peers know better.
  public void replaced(long at, NodeId node) {
    damages.add(new Damage(at, node, Loss.REPLACED));
  }

  /// The disks that were since `at`.
  public List<Damage> replacedSince(long at) {
    return damages.stream()
        .filter(each -> each.at() >= at && each.loss() == Loss.REPLACED)
        .toList();
  }

  /// `node` has lost the file that says who it is, and nothing that clients wrote.
  public void lostIdentity(long at, NodeId node) {
    damages.add(new Damage(at, node, Loss.NOTHING_WRITTEN));
  }

  public boolean isDamaged(NodeId node) {
    for (Damage damage : damages) {
      if (damage.node().equals(node)) {
        return true;
      }
    }
    return false;
  }

  /// Whether the disk of `node` has lost something without a trace since `at`.
  public boolean lostSilentlySince(NodeId node, long at) {
    return damages.stream()
        .anyMatch(
            each -> each.node().equals(node) && each.at() >= at && each.loss() == Loss.SILENT);
  }

  public boolean anyDamage() {
    return !damages.isEmpty();
  }

  /// Whether a disk has lost something without a trace.
  public boolean anySilentDamage() {
    return silentlyDamagedSince(0) > 0;
  }

  /// How many disks were destroyed since `at`.
  public int damagedSince(long at) {
    return damagedSince(at, EnumSet.allOf(Loss.class));
  }

  /// How many of them in a way that the node itself cannot see.
  public int silentlyDamagedSince(long at) {
    return damagedSince(at, EnumSet.of(Loss.SILENT));
  }

  /// How many of them have lost something that clients wrote.
  public int lostSince(long at) {
    return damagedSince(at, EnumSet.complementOf(EnumSet.of(Loss.NOTHING_WRITTEN)));
  }

  private int damagedSince(long at, EnumSet<Loss> losses) {
    TreeSet<NodeId> nodes = new TreeSet<>();
    for (Damage damage : damages) {
      if (damage.at() >= at && losses.contains(damage.loss())) {
        nodes.add(damage.node());
      }
    }
    return nodes.size();
  }
}
