// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Scenario;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;

/// What a planner is asked: which settings of a scenario meet these targets?
///
/// @param base the load, the delays and everything that is not tried out
/// @param down so many nodes are down for the middle half of the time; the targets must be met then
///   too. 0: nobody asks
/// @param n so many copies of a key
/// @param r so many replies that a read waits for, as far as there are so many copies
/// @param w so many durable copies that a write waits for
/// @param variants whether hedging and read repair are tried out too, or left as they are
public record Question(
    Scenario base,
    List<Target> targets,
    int down,
    Range n,
    Range r,
    Range w,
    boolean variants,
    Seeds seeds) {
  public static final int TARGETS_MAX = 16;

  public Question {
    targets = List.copyOf(targets);
    if (targets.isEmpty() || targets.size() > TARGETS_MAX) {
      throw new IllegalArgumentException(
          "a plan needs targets, at least 1 and at most " + TARGETS_MAX);
    }
    long nodes = base.whole(Field.NODES);
    if (n.high() > Math.min(nodes, Field.N.max())) {
      throw new IllegalArgumentException(
          "n goes up from "
              + Field.N.min()
              + " to at most "
              + Math.min(nodes, Field.N.max())
              + ", with "
              + nodes
              + " nodes, not from "
              + n.low()
              + " to "
              + n.high());
    }
    if (down < 0 || down >= nodes) {
      throw new IllegalArgumentException("of " + nodes + " nodes not " + down + " can be down");
    }
    if (r.low() > n.high() || w.low() > n.high()) {
      throw new IllegalArgumentException(
          "of " + n.high() + " copies nobody waits for " + Math.max(r.low(), w.low()));
    }
  }

  /// Every setting of n, r and w, and of hedging and repair where these are tried out.
  List<Scenario> settings() {
    List<Scenario> found = new ArrayList<>();
    for (int copies = n.low(); copies <= n.high(); copies++) {
      for (int read = r.low(); read <= Math.min(copies, r.high()); read++) {
        for (int write = w.low(); write <= Math.min(copies, w.high()); write++) {
          EnumMap<Field, String> set = new EnumMap<>(Field.class);
          set.put(Field.N, Integer.toString(copies));
          set.put(Field.R, Integer.toString(read));
          set.put(Field.W, Integer.toString(write));
          found.addAll(variantsOf(base.with(set)));
        }
      }
    }
    return found;
  }

  private List<Scenario> variantsOf(Scenario setting) {
    if (!variants) {
      return List.of(setting);
    }
    List<Scenario> found = new ArrayList<>();
    for (String hedge : List.of("on", "off")) {
      for (String repair : Field.REPAIR.choices()) {
        found.add(setting.with(Field.HEDGE, hedge).with(Field.REPAIR, repair));
      }
    }
    return found;
  }

  /// The same with nodes down for the middle half of the time.
  Scenario withNodesDown(Scenario scenario) {
    long millis = scenario.whole(Field.TIME) * 1000;
    StringBuilder fail = new StringBuilder();
    if (!scenario.text(Field.FAIL).equals("none")) {
      fail.append(scenario.text(Field.FAIL)).append(',');
    }
    for (int node = 0; node < down; node++) {
      fail.append(node == 0 ? "" : ",")
          .append("crash(")
          .append(millis / 4)
          .append("ms,")
          .append(millis * 3 / 4)
          .append("ms,n")
          .append(scenario.whole(Field.NODES) - node)
          .append(')');
    }
    return scenario.with(Field.FAIL, fail.toString());
  }
}
