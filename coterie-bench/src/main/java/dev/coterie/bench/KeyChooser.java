// SPDX-License-Identifier: Apache-2.0
package dev.coterie.bench;

import java.util.SplittableRandom;

/// Draws key numbers from 0 to `keys - 1`.
public final class KeyChooser {
  /// How often which key comes.
  public enum Distribution {
    UNIFORM,
    /// YCSB's: zipfian with a constant of 0.99, scattered over the keys by a hash so that
    /// neighbours are not hot together (Gray et al., "Quickly generating billion-record synthetic
    /// databases", 1994; Cooper et al., 2010).
    ZIPFIAN
  }

  private static final double THETA = 0.99;

  private final Distribution distribution;
  private final int keys;
  private final double zetaN;
  private final double alpha;
  private final double eta;

  public KeyChooser(Distribution distribution, int keys) {
    this.distribution = distribution;
    this.keys = keys;
    double zeta = 0;
    if (distribution == Distribution.ZIPFIAN) {
      for (int i = 1; i <= keys; i++) {
        zeta += 1 / Math.pow(i, THETA);
      }
    }
    double zeta2 = 1 + 1 / Math.pow(2, THETA);
    this.zetaN = zeta;
    this.alpha = 1 / (1 - THETA);
    this.eta = (1 - Math.pow(2.0 / keys, 1 - THETA)) / (1 - zeta2 / zeta);
  }

  public int next(SplittableRandom random) {
    return distribution == Distribution.UNIFORM ? random.nextInt(keys) : scatter(rank(random));
  }

  /// 0 is the most frequent.
  int rank(SplittableRandom random) {
    double u = random.nextDouble();
    double uz = u * zetaN;
    if (uz < 1) {
      return 0;
    }
    if (uz < 1 + Math.pow(0.5, THETA)) {
      return Math.min(1, keys - 1);
    }
    return Math.min(keys - 1, (int) (keys * Math.pow(eta * u - eta + 1, alpha)));
  }

  /// FNV-1a over the rank's bytes, as YCSB does.
  private int scatter(int rank) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < Long.BYTES; i++) {
      hash = (hash ^ ((long) rank >>> (8 * i) & 0xff)) * 0x100000001B3L;
    }
    return (int) Long.remainderUnsigned(hash, keys);
  }
}
