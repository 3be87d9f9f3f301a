// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.SimNetwork;
import dev.coterie.sim.world.SimNetwork.Held;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What is done to links, and to messages that a link holds.
final class LinkSteps {
  private final SimNetwork network;
  private final Names names;
  private final Faults faults;

  LinkSteps(World world, Names names, Faults faults) {
    this.network = world.network();
    this.names = names;
    this.faults = faults;
  }

  void cut(Step step) throws SyntaxException {
    faults.add(step);
    for (Link link : names.links(step)) {
      network.cut(link);
    }
  }

  /// All links where the step names none.
  void mend(Step step) throws SyntaxException {
    if (step.words().isEmpty()) {
      network.mendAll();
    }
    for (Link link : names.links(step)) {
      network.mend(link);
    }
  }

  /// `split a,b | c`: no link leads from one side to another.
  void split(Step step) throws SyntaxException {
    faults.add(step);
    List<List<NodeId>> sides = new ArrayList<>();
    for (String word : step.words()) {
      if (!word.equals("|")) {
        sides.add(names.nodes(word));
      }
    }
    for (List<NodeId> side : sides) {
      for (List<NodeId> other : sides) {
        if (side != other) {
          for (NodeId from : side) {
            for (NodeId to : other) {
              network.cut(new Link(from, to));
            }
          }
        }
      }
    }
  }

  void hold(Step step) throws SyntaxException {
    for (Link link : names.links(step)) {
      network.hold(link, kind(step));
    }
  }

  void unhold(Step step) throws SyntaxException {
    for (Link link : names.links(step)) {
      network.unhold(link);
    }
  }

  /// Lets everything go on its way again.
  void resume() {
    network.resume();
  }

  /// Which messages `kind=StoreReplica,RepairReplica` means; without it all but the failure
  /// detector's.
  private static Predicate<Bytes> kind(Step step) throws SyntaxException {
    if (!step.options().containsKey("kind")) {
      return message -> !SimNetwork.isProbe(message);
    }
    List<String> names = List.of(step.option("kind", "").split(",", -1));
    for (String name : names) {
      if (!MessageText.KINDS.contains(name)) {
        throw new SyntaxException(
            "no message is of kind '" + name + "'; there are " + MessageText.KINDS);
      }
    }
    return message -> names.contains(MessageText.kindOf(message));
  }

  /// `deliver a->b [kind=K] [nth=1] [all=1]`: a message that was held goes on its way (`duplicate`:
  /// and stays held too; `drop`: is lost).
  void byHand(Step step) throws SyntaxException {
    List<Link> links = names.links(step);
    Predicate<Bytes> kind = kind(step);
    List<Held> held = network.held();
    long nth = step.number("nth", 1);
    boolean all = step.number("all", 0) == 1;
    int done = 0;
    for (int i = 0; i < held.size(); ) {
      if (!links.contains(held.get(i).link())
          || !kind.test(held.get(i).message())
          || (!all && --nth > 0)) {
        i++;
        continue;
      }
      done++;
      switch (step.verb()) {
        case "drop" -> network.drop(i);
        case "duplicate" -> {
          network.release(i, true);
          i++;
        }
        default -> network.release(i, false);
      }
      if (!all) {
        break;
      }
    }
    if (done == 0) {
      throw new SyntaxException("no such message is held on " + links);
    }
  }
}
