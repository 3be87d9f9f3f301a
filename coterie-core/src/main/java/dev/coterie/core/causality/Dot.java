// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import dev.coterie.core.base.Invariant;

/// The name of one write: the `counter`-th that `actor` minted, from 1. Given to one write only,
/// ever (INV-dots-unique).
public record Dot(ActorId actor, long counter) implements Comparable<Dot> {
  public Dot {
    Invariant.check(counter >= 1, "dot of %s with counter %s", actor, counter);
  }

  @Override
  public int compareTo(Dot other) {
    int order = actor.compareTo(other.actor);
    return order == 0 ? Long.compare(counter, other.counter) : order;
  }

  @Override
  public String toString() {
    return "(" + actor + "," + counter + ")";
  }
}
