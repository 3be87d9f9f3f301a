// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import java.util.Arrays;

/// How long before a read began its key had last been written, in spans for counting: a millisecond
/// wide where messages race, and wider the longer ago. A write that came while the read was under
/// way lies below 0.
public final class ReadGaps {
  private static final double[] BOUNDS = bounds();

  /// How many spans there are; the last one has no end.
  public static final int LENGTH = BOUNDS.length;

  private ReadGaps() {}

  private static double[] bounds() {
    double[] bounds = new double[46];
    int at = 0;
    for (double early = -256; early < -0.5; early /= 4) {
      bounds[at++] = early;
    }
    for (int milli = 0; milli <= 16; milli++) {
      bounds[at++] = milli;
    }
    for (double octave = 16; at < bounds.length; octave *= 2) {
      bounds[at++] = octave * 1.5;
      if (at < bounds.length) {
        bounds[at++] = octave * 2;
      }
    }
    return bounds;
  }

  /// The span that `millis` lies in; -1 for none: no read takes so long, so clocks are apart.
  public static int span(double millis) {
    int at = Arrays.binarySearch(BOUNDS, millis);
    return at >= 0 ? at : -at - 2;
  }

  /// The least of `span`, in ms.
  public static double low(int span) {
    return BOUNDS[span];
  }

  /// Where the next one begins; infinite for the last.
  public static double high(int span) {
    return span + 1 < LENGTH ? BOUNDS[span + 1] : Double.POSITIVE_INFINITY;
  }
}
