// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.ring.Replica;
import dev.coterie.sim.history.History;
import dev.coterie.sim.world.World;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How many copies the bucket of each key keeps, as the last request for it assumed, and which
/// nodes own them.
final class Owners {
  private static final int N_DEFAULT = 3;

  private final World world;
  private final Map<ObjectKey, Integer> policies = new TreeMap<>();

  Owners(World world) {
    this.world = world;
  }

  /// The bucket of `key` keeps `n` copies.
  void policy(ObjectKey key, int n) {
    policies.put(key, n);
  }

  int n(ObjectKey key) {
    return policies.getOrDefault(key, N_DEFAULT);
  }

  List<Replica> of(ObjectKey key) {
    int partition = world.placement().ring().partitionOf(key.hash(world.nodeConfig().ringKey()));
    return world.placement().preferenceList(n(key), partition).primaries();
  }

  /// Whether the disk of every owner was destroyed, which with one copy is one disk: then nobody
  /// knows any more what the values of an old image were replaced by.
  boolean areDestroyed(ObjectKey key, History history) {
    return of(key).stream().allMatch(each -> history.isDamaged(each.node()));
  }
}
