// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.core.base.Prng;
import dev.coterie.sim.lab.Chance.Purpose;
import java.util.Locale;

/// What clients do: when the n-th operation comes, whether it reads or writes, which key, and which
/// client. Each is a function of the seed and n.
final class Workload {
  private enum Writers {
    EDIT,
    OWN,
    ANY
  }

  /// A client writes what it has read no more than so many operations before.
  private static final int EDIT_WITHIN = 4;

  private final Chance chance;
  private final double meanGapMicros;
  private final double reads;
  private final Writers writers;
  private final int clients;
  private final double[] upTo;

  Workload(Scenario scenario, Chance chance) {
    this.chance = chance;
    this.meanGapMicros = 1e6 / scenario.number(Field.RATE);
    this.reads = scenario.number(Field.READS) / 100;
    this.writers = Writers.valueOf(scenario.text(Field.WRITERS).toUpperCase(Locale.ROOT));
    this.clients = (int) scenario.whole(Field.CLIENTS);
    this.upTo = zipf((int) scenario.whole(Field.KEYS), scenario.number(Field.ZIPF));
  }

  private static double[] zipf(int keys, double exponent) {
    double[] upTo = new double[keys];
    double sum = 0;
    for (int i = 0; i < keys; i++) {
      sum += StrictMath.pow(i + 1.0, -exponent);
      upTo[i] = sum;
    }
    for (int i = 0; i < keys; i++) {
      upTo[i] /= sum;
    }
    return upTo;
  }

  /// How long after the one before the n-th operation comes, in µs.
  double gapMicros(int n) {
    return -meanGapMicros * StrictMath.log(Prng.uniform(chance.of(Purpose.ARRIVAL, n)));
  }

  boolean isRead(int n) {
    return Prng.uniform(chance.of(Purpose.KIND, n)) <= reads;
  }

  /// The operation whose client and key the n-th has: its own, or the read that it answers.
  private int like(int n) {
    if (writers != Writers.EDIT || isRead(n)) {
      return n;
    }
    int read = n - 1 - (int) Long.remainderUnsigned(chance.of(Purpose.SHARE, n), EDIT_WITHIN);
    while (read >= 1 && !isRead(read)) {
      read--;
    }
    return read < 1 ? n : read;
  }

  int key(int n) {
    double u = Prng.uniform(chance.of(Purpose.KEY, like(n)));
    int low = 0;
    int high = upTo.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (upTo[middle] < u) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  int client(int n) {
    return writers == Writers.OWN && !isRead(n)
        ? key(n) % clients
        : (int) Long.remainderUnsigned(chance.of(Purpose.CLIENT, like(n)), clients);
  }

  /// Where in a list of `size` nodes the client begins to look for one that takes its call.
  int firstChoice(int n, int size) {
    return (int) Long.remainderUnsigned(chance.of(Purpose.COORDINATOR, n), size);
  }
}
