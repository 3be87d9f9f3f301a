// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.sim.disk.CrashMode;
import dev.coterie.sim.lab.Recording.State;
import dev.coterie.sim.lab.Recording.Type;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;

/// The failures of a run: strikes and mends as the scenario says.
final class Nemesis {
  private final LabRun run;
  private final World world;
  private final List<SimNode> nodes;
  private final Recording recording;
  private final List<Failure> failures;
  private final long timeMicros;
  private final long origin;

  /// @param origin when the run begins, in the world's ns
  Nemesis(LabRun run, Scenario scenario, long origin) {
    this.run = run;
    this.world = run.world();
    this.nodes = run.nodes();
    this.recording = run.recording();
    this.failures = scenario.failures();
    this.timeMicros = run.timeMicros();
    this.origin = origin;
  }

  void plan() {
    for (int i = 0; i < failures.size(); i++) {
      plan(i);
    }
  }

  private void plan(int number) {
    Failure failure = failures.get(number);
    if (failure.at() * 1000 >= timeMicros) {
      return;
    }
    world.agenda().at(origin + failure.at() * 1_000_000, () -> strike(number));
    if (failure.until() * 1000 < timeMicros) {
      world.agenda().at(origin + failure.until() * 1_000_000, () -> mend(number));
    }
  }

  private void strike(int number) {
    int _ = recording.add(run.micros(), Type.FAILED, 0, 0, 0, number, 0);
    Failure failure = failures.get(number);
    List<Integer> struck = failure.sides().getFirst();
    switch (failure.kind()) {
      case CRASH -> struck.forEach(this::crash);
      case WIPE -> struck.forEach(this::wipe);
      case PAUSE -> struck.forEach(this::pause);
      case SPLIT, ONEWAY -> links(failure).forEach(world.network()::cut);
      case SLOW -> struck.forEach(node -> run.wire().slow(node, failure.factor()));
      case DISK -> struck.forEach(node -> nodes.get(node).slowSyncs(failure.factor()));
      case CLOCK -> struck.forEach(node -> step(node, failure.factor()));
    }
  }

  private void step(int node, long millis) {
    nodes.get(node).clock().step(world.now(), millis);
  }

  private void wipe(int node) {
    crash(node);
    nodes.get(node).disk().wipe();
    nodes.get(node).identity().wipe();
    run.replicas().lookAgain(node);
  }

  private void pause(int node) {
    nodes.get(node).pause();
    run.state(node, State.PAUSED);
  }

  private void resume(int node) {
    nodes.get(node).resume();
    run.state(node, State.UP);
  }

  private void crash(int node) {
    nodes.get(node).crash(CrashMode.DROP_ALL);
    run.state(node, State.DOWN);
    run.replicas().lookAgain(node);
  }

  private void mend(int number) {
    int _ = recording.add(run.micros(), Type.MENDED, 0, 0, 0, number, 0);
    Failure failure = failures.get(number);
    List<Integer> struck = failure.sides().getFirst();
    switch (failure.kind()) {
      case CRASH, WIPE -> struck.forEach(node -> nodes.get(node).start());
      case PAUSE -> struck.forEach(this::resume);
      case SPLIT, ONEWAY -> links(failure).forEach(world.network()::mend);
      case SLOW -> struck.forEach(node -> run.wire().slow(node, 1));
      case DISK -> struck.forEach(node -> nodes.get(node).slowSyncs(1));
      case CLOCK -> struck.forEach(node -> step(node, -failure.factor()));
    }
  }

  /// Ends what has begun and has not ended.
  void mendAll() {
    for (int i = 0; i < failures.size(); i++) {
      Failure failure = failures.get(i);
      if (failure.at() * 1000 < timeMicros && failure.until() * 1000 >= timeMicros) {
        mend(i);
      }
    }
  }

  private List<Link> links(Failure failure) {
    List<Link> links = new ArrayList<>();
    for (int from : failure.sides().getFirst()) {
      for (int to : failure.sides().getLast()) {
        links.add(new Link(nodes.get(from).id(), nodes.get(to).id()));
        if (failure.kind() == Failure.Kind.SPLIT) {
          links.add(new Link(nodes.get(to).id(), nodes.get(from).id()));
        }
      }
    }
    return links;
  }
}
