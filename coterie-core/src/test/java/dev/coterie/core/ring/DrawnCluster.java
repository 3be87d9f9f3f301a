// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.List;

/// Clusters for the laws, drawn from a seed: sizes, labels and weights of every kind that an
/// operator might type, even and uneven.
final class DrawnCluster {
  private enum Labels {
    NONE,
    HALF,
    EVEN_ZONES,
    ODD_ZONES,
    RACKS,
    ZONES_AND_RACKS
  }

  private enum Weights {
    EQUAL,
    MIXED,
    WILD
  }

  private final Prng prng;
  private final Labels labels;
  private final Weights weights;
  private final int zones;
  private final int racks;
  private final int perMachine;
  private int named;

  DrawnCluster(Prng prng) {
    this.prng = prng;
    this.labels = Labels.values()[prng.nextInt(Labels.values().length)];
    this.weights = Weights.values()[prng.nextInt(Weights.values().length)];
    this.zones = (int) prng.between(1, 5);
    this.racks = (int) prng.between(1, 4);
    this.perMachine = prng.chance(250_000) ? (int) prng.between(2, 4) : 1;
  }

  List<Member> members(int nodes) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      members.add(another(members));
    }
    return members;
  }

  /// One more member that fits those there are.
  Member another(List<Member> members) {
    NodeId id = new NodeId("n" + prng.nextInt(1_000_000) + "." + named++);
    int weight =
        switch (weights) {
          case EQUAL -> Member.WEIGHT_DEFAULT;
          case MIXED -> 50 << prng.nextInt(3);
          case WILD -> (int) prng.between(1, Member.WEIGHT_MAX);
        };
    if (perMachine > 1 && !members.isEmpty() && prng.nextInt(perMachine) > 0) {
      Member shared = prng.pick(members);
      return new Member(id, shared.machine(), shared.rack(), shared.zone(), weight);
    }
    String zone =
        switch (labels) {
          case NONE, RACKS -> "";
          case HALF -> prng.nextBoolean() ? "z" + prng.nextInt(zones) : "";
          case EVEN_ZONES, ZONES_AND_RACKS -> "z" + named % zones;
          case ODD_ZONES -> "z" + Math.min(prng.nextInt(zones), prng.nextInt(zones));
        };
    String rack =
        switch (labels) {
          case NONE, EVEN_ZONES, ODD_ZONES -> "";
          case HALF -> prng.nextBoolean() ? "r" + prng.nextInt(racks) : "";
          case RACKS -> "r" + prng.nextInt(racks);
          case ZONES_AND_RACKS -> zone + "r" + prng.nextInt(racks);
        };
    return new Member(id, "m" + id, rack, zone, weight);
  }

  int fewNodes() {
    return prng.chance(700_000) ? (int) prng.between(1, 12) : (int) prng.between(13, 60);
  }

  Ring smallRing() {
    return new Ring(1 << prng.between(0, 9));
  }
}
