// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.quorum.BucketProperties;

/// One version of one bucket's properties.
///
/// @param fixed whether the bucket has been written to: its n can then no longer change
/// @param dot the change that made this version; or, where nobody has ever set anything, the first
///   write, which has set nothing either: its actor's serial is at most [#FIXES_SERIAL_MAX]
/// @param context every change that it has seen, `dot` included
public record PropertiesEntry(
    BucketId bucket, BucketProperties properties, boolean fixed, Dot dot, CausalContext context) {
  /// Serials of actors that name first writes; those that name changes have higher ones.
  public static final int FIXES_SERIAL_MAX = Integer.MAX_VALUE - (1 << 16);

  /// The version that follows from both. A change that had seen the other wins; of two concurrent
  /// ones the higher dot, everywhere the same; a first write that knew of no change loses against
  /// every change; a fixed n stays. Commutes, associates, repeats without effect as long as at most
  /// one n was ever fixed.
  public PropertiesEntry join(PropertiesEntry other) {
    boolean mine = context.contains(other.dot) || (!other.context.contains(dot) && outranks(other));
    PropertiesEntry winner = mine ? this : other;
    PropertiesEntry loser = mine ? other : this;
    BucketProperties kept = winner.properties;
    if (dot.equals(other.dot) && loser.properties.defaultTtlSeconds() > 0) {
      // Of one version: a build of the program that knows no default_ttl has left it out.
      kept = loser.properties;
    }
    if (loser.fixed && !winner.fixed) {
      kept = kept.withN(loser.properties.n());
    }
    return new PropertiesEntry(
        bucket, kept, fixed || other.fixed, winner.dot, context.join(other.context));
  }

  /// Of two that have not seen each other.
  private boolean outranks(PropertiesEntry other) {
    return onlyFixes() == other.onlyFixes() ? dot.compareTo(other.dot) > 0 : other.onlyFixes();
  }

  private boolean onlyFixes() {
    return dot.actor().serial() <= FIXES_SERIAL_MAX;
  }
}
