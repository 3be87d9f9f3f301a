// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.ring.Member;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.NetworkModel;
import dev.coterie.sim.world.WorldConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The first line of every script: `cluster nodes=a,b,c [machines=...] [partitions=8] [shards=1]
/// [n=3] [seed=1] [latency=1000] [jitter=0] [loss=0] [duplicate=0] [ghost=0] [ghostmax=0]
/// [unordered=1] [sync=200] [log=1024] [record=4194304] [bug=NAME]`. Latencies in microseconds,
/// chances per million.
public record ClusterStep(WorldConfig world, int n) {
  public static ClusterStep of(Step step) throws SyntaxException {
    String[] nodes = step.option("nodes", "a,b,c").split(",", -1);
    String[] machines = step.option("machines", String.join(",", nodes)).split(",", -1);
    if (machines.length != nodes.length) {
      throw new SyntaxException(
          nodes.length + " nodes and " + machines.length + " machines; give one for each");
    }
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < nodes.length; i++) {
      if (!NodeId.valid(nodes[i])) {
        throw new SyntaxException("'" + nodes[i] + "' is no node id");
      }
      members.add(new Member(new NodeId(nodes[i]), machines[i], "", "", 100));
    }
    NetworkModel network =
        new NetworkModel(
            step.number("latency", 1000),
            step.number("jitter", 0),
            (int) step.number("loss", 0),
            (int) step.number("duplicate", 0),
            (int) step.number("ghost", 0),
            step.number("ghostmax", 0),
            step.number("unordered", 0) == 0);
    return new ClusterStep(
        new WorldConfig(
            members,
            (int) step.number("partitions", 8),
            (int) step.number("shards", 1),
            network,
            step.number("sync", 200),
            (int) step.number("log", 0),
            (int) step.number("record", 0),
            step.number("seed", 1),
            plants(step.option("bug", ""))),
        (int) step.number("n", 3));
  }

  private static Plants plants(String name) throws SyntaxException {
    if (name.isEmpty()) {
      return Plants.NONE;
    }
    for (Plant plant : Plant.values()) {
      if (plant.name().equals(name.toUpperCase(Locale.ROOT).replace('-', '_'))) {
        return Plants.of(plant);
      }
    }
    throw new SyntaxException("no bug is called '" + name + "'");
  }
}
