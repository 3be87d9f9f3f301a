// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.KeyRecord;

/// The short name of one version of a key (Riak's vtag): 64 bits of its dot, so that siblings
/// differ.
public final class VersionTag {
  private VersionTag() {}

  public static long of(Dot dot) {
    long h = dot.actor().nonce();
    String node = dot.actor().node().name();
    for (int i = 0; i < node.length(); i++) {
      h = Prng.mix(h * 31 + node.charAt(i));
    }
    h = Prng.mix(h ^ dot.actor().boot() * 0x9E3779B97F4A7C15L ^ dot.actor().serial());
    return Prng.mix(h + dot.counter());
  }

  /// One tag for a whole record with several siblings.
  public static long of(KeyRecord record) {
    long h = record.siblings().size();
    for (Dot dot : record.dots()) {
      h = record.siblings().size() == 1 ? of(dot) : Prng.mix(h ^ of(dot));
    }
    return h;
  }
}
