// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.List;

/// The faults of one round, drawn from the seed: the same seed, nodes, length and means give the
/// same plan. Kinds come from a shuffled deck, so that a short round has seen most of them; two
/// faults of one process never overlap, and no more than two processes of five are hit at a time,
/// except in a blackout. Network and clock faults lie across all others.
final class FaultPlan {
  /// After a fault its node has so long to come back before the next one hits it.
  private static final long RECOVERY = 3 * Clock.SECOND;

  private static final long GAP_MIN = 600 * Clock.MILLI;
  private static final long GAP_MAX = 2_600 * Clock.MILLI;
  private static final long FIRST = Clock.SECOND;
  private static final int TRIES = 40;

  private final Prng draws;
  private final int nodes;
  private final long length;
  private final int unlucky;
  private final List<FaultKind> kinds;
  private final List<FaultKind> deck = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();

  private FaultPlan(long seed, int round, int nodes, long length, List<FaultKind> kinds) {
    this.draws = new Prng(seed).fork("round " + round);
    this.nodes = nodes;
    this.length = length;
    this.kinds = List.copyOf(kinds);
    this.unlucky = draws.nextInt(nodes);
  }

  /// @param unlucky the one machine whose disk may be damaged in this round
  /// @param faults by the time at which they begin
  record Drawn(int unlucky, List<Fault> faults) {}

  /// @param length of the storm, in ns
  static Drawn draw(long seed, int round, int nodes, long length, List<FaultKind> kinds) {
    FaultPlan plan = new FaultPlan(seed, round, nodes, length, kinds);
    plan.fill();
    return new Drawn(plan.unlucky, List.copyOf(plan.faults));
  }

  private void fill() {
    long at = FIRST;
    int tries = 0;
    while (at < length - Clock.SECOND && tries < TRIES && !kinds.isEmpty()) {
      if (deck.isEmpty()) {
        deck.addAll(kinds);
        draws.shuffle(deck);
      }
      FaultKind kind = deck.getFirst();
      Fault fault = drawn(kind, at);
      if (fault.until() > length || collides(fault)) {
        // Another kind may fit here; this one comes later.
        deck.addLast(deck.removeFirst());
        tries++;
        at += tries % kinds.size() == 0 ? Clock.SECOND : 0;
        continue;
      }
      tries = 0;
      deck.removeFirst();
      faults.add(fault);
      at += draws.between(GAP_MIN, GAP_MAX);
    }
  }

  private Fault drawn(FaultKind kind, long at) {
    int node = draws.nextInt(nodes);
    int other = (node + 1 + draws.nextInt(Math.max(1, nodes - 1))) % nodes;
    long amount = draws.between(0, 1_000_000_000);
    return switch (kind) {
      case KILL, STOP -> new Fault(kind, at, seconds(0.3, 4), List.of(node), amount);
      case KILL_TWICE -> new Fault(kind, at, seconds(1.5, 4), List.of(node), amount);
      case PAUSE -> new Fault(kind, at, seconds(0.3, 6), List.of(node), amount);
      case CUT, CUT_ONE_WAY -> new Fault(kind, at, seconds(2, 9), List.of(node, other), amount);
      case ISOLATE -> new Fault(kind, at, seconds(2, 8), List.of(node), amount);
      case SPLIT -> new Fault(kind, at, seconds(2, 7), part(), amount);
      case PAUSE_HALF -> new Fault(kind, at, seconds(0.5, 4), half(), amount);
      case BRIDGE -> new Fault(kind, at, seconds(2, 7), bridge(), amount);
      case SLOW_LINK -> new Fault(kind, at, seconds(2, 7), List.of(node), amount);
      case SICK_DISK -> new Fault(kind, at, seconds(2, 5), List.of(node), amount);
      case ROT -> new Fault(kind, at, seconds(2, 5), List.of(unlucky), amount);
      case LOSS -> new Fault(kind, at, seconds(2, 8), List.of(node), draws.between(2, 30));
      case CLOCK -> {
        long step = draws.pick(List.of(1L, 30L, 600L, 3_600L, 86_400L));
        yield new Fault(kind, at, seconds(2, 8), List.of(node), draws.nextBoolean() ? step : -step);
      }
      case FULL -> new Fault(kind, at, seconds(2, 5), List.of(node), amount);
      case POWER -> new Fault(kind, at, seconds(0.5, 3), List.of(node), amount);
      case BLACKOUT -> new Fault(kind, at, seconds(0.3, 1.5), all(), amount);
      case CORRUPT, WIPE -> new Fault(kind, at, seconds(0.3, 2), List.of(unlucky), amount);
      case ROLLBACK -> new Fault(kind, at, seconds(3, 6), List.of(unlucky), amount);
    };
  }

  private long seconds(double from, double to) {
    return draws.between((long) (from * Clock.SECOND), (long) (to * Clock.SECOND));
  }

  private List<Integer> all() {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      all.add(i);
    }
    return all;
  }

  /// The smaller of the two parts of a split.
  private List<Integer> part() {
    List<Integer> order = all();
    draws.shuffle(order);
    return order.subList(0, Math.max(1, nodes / 2));
  }

  private List<Integer> half() {
    List<Integer> order = all();
    draws.shuffle(order);
    return order.subList(0, Math.max(1, nodes / 2));
  }

  /// The node that hears everybody, then one of the two parts.
  private List<Integer> bridge() {
    List<Integer> order = all();
    draws.shuffle(order);
    return order.subList(0, 1 + Math.max(1, (nodes - 1) / 2));
  }

  private boolean collides(Fault fault) {
    int touched = 0;
    for (Fault before : faults) {
      boolean together = fault.at() < before.until() + RECOVERY;
      if (!together) {
        continue;
      }
      if (before.kind() == fault.kind() && before.kind().touch() != FaultKind.Touch.PROCESS) {
        return true;
      }
      if (!isProcess(before.kind()) || !isProcess(fault.kind())) {
        continue;
      }
      if (before.kind().touch() == FaultKind.Touch.ALL
          || fault.kind().touch() == FaultKind.Touch.ALL
          || before.node() == fault.node()) {
        return true;
      }
      touched++;
    }
    return touched >= Math.max(1, nodes * 2 / 5);
  }

  private static boolean isProcess(FaultKind kind) {
    return switch (kind.touch()) {
      case PROCESS, DAMAGE, ALL -> true;
      case NETWORK, CLOCK -> false;
    };
  }
}
