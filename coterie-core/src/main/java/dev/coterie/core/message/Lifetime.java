// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Invariant;

/// How long a client wants the value of a put to stay.
public sealed interface Lifetime {
  Lifetime OF_BUCKET = new OfBucket();
  Lifetime FOR_EVER = new ForEver();

  /// The client does not say: as the bucket does.
  record OfBucket() implements Lifetime {}

  /// Until it is replaced or deleted, whatever the bucket says.
  record ForEver() implements Lifetime {}

  /// Until the wall clock reads `millis`, in ms since 1970.
  record Until(long millis) implements Lifetime {
    public Until {
      Invariant.check(millis > 0, "a value cannot end at %s", millis);
    }
  }

  /// Until `millis`; 0 for ever.
  static Lifetime until(long millis) {
    return millis == 0 ? FOR_EVER : new Until(millis);
  }
}
