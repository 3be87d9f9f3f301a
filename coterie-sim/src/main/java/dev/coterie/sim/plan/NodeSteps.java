// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.sim.disk.CrashMode;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;

/// What is done to the processes of nodes and to their clocks.
final class NodeSteps {
  private final World world;
  private final Names names;
  private final Faults faults;

  NodeSteps(World world, Names names, Faults faults) {
    this.world = world;
    this.names = names;
    this.faults = faults;
  }

  void crash(Step step) throws SyntaxException {
    faults.add(step);
    names.node(step).crash(mode(step));
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

  /// `clock a by=-5s [drift=100]`: sets its wall clock on or back, and lets it gain so many
  /// millionths.
  void clock(Step step) throws SyntaxException {
    faults.add(step);
    SimNode node = names.node(step);
    node.clock().step(world.now(), step.span("by"));
    if (step.options().containsKey("drift")) {
      node.clock().drift(world.now(), step.number("drift", 0));
    }
  }
}
