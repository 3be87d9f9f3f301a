// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.ring.Member;
import dev.coterie.core.ring.Replica;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.TreeSet;
import java.util.function.Consumer;

/// O7, the copies behind an ok: at "ok, W = w" so many machines hold the write or a cover of it on
/// synced disks. Fallbacks never count towards pw, and what a receipt calls a primary is one.
final class Copies {
  private final World world;
  private final History history;
  private final Owners owners;
  private final Forgotten forgotten;
  private final Consumer<String> violated;

  Copies(
      World world, History history, Owners owners, Forgotten forgotten, Consumer<String> violated) {
    this.world = world;
    this.history = history;
    this.owners = owners;
    this.forgotten = forgotten;
    this.violated = violated;
  }

  /// Judges a write that has just been acknowledged as synced.
  void acknowledged(Operation write) {
    if (forgotten.has(write)) {
      return; // deleted meanwhile, and reaped because every owner had it
    }
    TreeSet<String> machines = new TreeSet<>();
    for (Replica owner : owners.of(write.key)) {
      KeyRecord durable =
          world.node(owner.node()).stored().durableRecordOf(write.key, write.policy);
      if (durable != null && write.isIn(durable.context())) {
        machines.add(owner.machine());
      }
    }
    if (write.spec.sloppy()) {
      for (SimNode node : world.nodes()) {
        node.stored()
            .hints(true)
            .forEach(
                (slot, hint) -> {
                  if (slot.key().equals(write.key) && write.isIn(hint.record().context())) {
                    machines.add(machine(node.id()));
                  }
                });
      }
      countPrimaries(write);
    }
    // A disk may have been destroyed between its ack and this moment.
    if (machines.size() + history.damagedSince(write.invokedAt) < write.spec.w()) {
      violated.accept(
          write
              + " was acknowledged at w="
              + write.spec.w()
              + " but is synced on "
              + machines.size()
              + " machines "
              + machines);
    }
  }

  private String machine(NodeId node) {
    for (Member member : world.placement().members()) {
      if (member.id().equals(node)) {
        return member.machine();
      }
    }
    return node.name();
  }

  private void countPrimaries(Operation write) {
    int primaries = primaries(write);
    if (primaries < write.spec.pw()) {
      violated.accept(
          write + " was acknowledged by " + primaries + " owners, pw=" + write.spec.pw());
    }
  }

  /// How many owners' machines stand behind the answer.
  private int primaries(Operation operation) {
    TreeSet<String> machines = new TreeSet<>();
    if (operation.outcome != null) {
      for (Receipt.Answer answer : operation.outcome.receipt().answers()) {
        boolean owner = false;
        for (Replica replica : owners.of(operation.key)) {
          owner |= replica.node().equals(answer.node());
        }
        if (answer.primary() != owner) {
          violated.accept(operation + ": the receipt calls " + answer.node() + " what it is not");
        }
        if (owner) {
          machines.add(answer.machine());
        }
      }
    }
    return machines.size();
  }

  /// How many owners held the write when it was acknowledged, at the least.
  int ownersHaving(Operation write) {
    return write.spec.sloppy() ? primaries(write) : write.spec.w();
  }

  /// How many owners a read has asked.
  int ownersAsked(Operation read) {
    return read.spec.sloppy() ? primaries(read) : read.spec.r();
  }
}
