// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

/// What clients of a scenario do, one call after the other, for whoever carries them out: the same
/// arrivals, keys and clients as in a run of the Lab with this seed.
public final class Calls {
  /// One call.
  ///
  /// @param n its number, from 1
  /// @param micros when it is due
  /// @param choice where in a list of nodes its client begins, by `choice % size`
  public record Call(int n, long micros, boolean write, int key, int client, int choice) {}

  private static final int CHOICES = 1 << 20;

  private final Workload workload;
  private int last;
  private double at;

  public Calls(Scenario scenario) {
    this.workload = new Workload(scenario, new Chance(scenario.whole(Field.SEED)));
  }

  public Call next() {
    last++;
    at += workload.gapMicros(last);
    return new Call(
        last,
        (long) at,
        !workload.isRead(last),
        workload.key(last),
        workload.client(last),
        workload.firstChoice(last, CHOICES));
  }
}
