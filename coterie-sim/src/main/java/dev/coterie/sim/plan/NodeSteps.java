// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.sim.disk.CrashMode;
import dev.coterie.sim.history.History;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;

/// What is done to the processes of nodes and to their clocks.
final class NodeSteps {
  private static final long RATE_MAX = 500_000;

  private final World world;
  private final Names names;
  private final Faults faults;
  private final History history;

  NodeSteps(World world, Names names, Faults faults, History history) {
    this.world = world;
    this.names = names;
    this.faults = faults;
    this.history = history;
  }

  void crash(Step step) throws SyntaxException {
    faults.add(step);
    SimNode node = names.node(step);
    if (node.disk().isLying() && node.isUp()) {
      history.damaged(world.now(), node.id());
    }
    node.crash(mode(step));
  }

  private static CrashMode mode(Step step) throws SyntaxException {
    return switch (step.option("keep", "prefix")) {
      case "none" -> CrashMode.DROP_ALL;
      case "prefix" -> CrashMode.KEEP_PREFIX;
      case "all" -> CrashMode.KEEP_ALL;
      default -> throw new SyntaxException("keep is none, prefix or all");
    };
  }

  void stop(Step step) throws SyntaxException {
    names.node(step).stop();
  }

  void start(Step step) throws SyntaxException {
    names.node(step).start();
  }

  void pause(Step step) throws SyntaxException {
    faults.add(step);
    names.node(step).pause();
  }

  void resume(Step step) throws SyntaxException {
    names.node(step).resume();
  }

  /// `slow a by=50`: whatever comes lies in the inbox for so many ms.
  void slow(Step step) throws SyntaxException {
    faults.add(step);
    names.node(step).lag(step.number("by", 0) * 1_000_000L);
  }

  /// `clock a by=-5s [drift=100] [rate=1000]`: sets its wall clock on or back, and lets it gain so
  /// many millionths; and the clock by which it waits.
  void clock(Step step) throws SyntaxException {
    faults.add(step);
    SimNode node = names.node(step);
    node.clock().step(world.now(), step.span("by"));
    if (step.options().containsKey("drift")) {
      node.clock().drift(world.now(), step.number("drift", 0));
    }
    if (step.options().containsKey("rate")) {
      long rate = step.number("rate", 0);
      if (Math.abs(rate) > RATE_MAX) {
        throw new SyntaxException(
            "rate=" + rate + " must be from -" + RATE_MAX + " to " + RATE_MAX);
      }
      node.clock().rate(world.now(), rate);
    }
  }
}
