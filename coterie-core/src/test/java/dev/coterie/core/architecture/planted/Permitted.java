// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.architecture.planted;

import java.util.HashMap;

/// Three uses with a permit and one permit that is idle; never run.
final class Permitted {
  private final HashMap<String, String> table; // permit: never iterated

  Permitted(HashMap<String, String> table) {
    this.table = table;
  }

  static long now() {
    // permit: shows that a permit may stand alone above its line
    return System.nanoTime();
  }

  static long sum(long a, long b) {
    return a + b; // permit: nothing here needs one
  }

  static synchronized int one() { // permit: shows that the word is seen in methods too
    return 1;
  }

  Object table() {
    return table;
  }
}
