// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.base;

import java.util.EnumSet;

/// Which bugs are planted: none in a product.
public final class Plants {
  public static final Plants NONE = new Plants(EnumSet.noneOf(Plant.class));

  private final EnumSet<Plant> active;

  private Plants(EnumSet<Plant> active) {
    this.active = active;
  }

  public static Plants of(Plant plant) {
    return new Plants(EnumSet.of(plant));
  }

  /// These and `plant`.
  public Plants with(Plant plant) {
    EnumSet<Plant> more = EnumSet.copyOf(active);
    more.add(plant);
    return new Plants(more);
  }

  public boolean has(Plant plant) {
    return active.contains(plant);
  }
}
