// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.KeyRecord;

/// What a client may conclude.
public sealed interface Outcome {
  Receipt receipt();

  /// A read found values.
  record Found(KeyRecord record, Receipt receipt) implements Outcome {}

  /// A read found none. `context` is that of the tombstone where there was one, else empty.
  record NotFound(CausalContext context, Receipt receipt) implements Outcome {}

  /// A write is done as asked.
  ///
  /// @param record the coordinator's record after the write; its siblings are left out (only the
  ///   context counts) unless the request asked for them
  /// @param expiryMillis when the value that was put expires, in ms since 1970; 0 for never, and
  ///   for a delete
  record Applied(KeyRecord record, Receipt receipt, long expiryMillis) implements Outcome {
    public Applied(KeyRecord record, Receipt receipt) {
      this(record, receipt, 0);
    }
  }

  /// Certainly not done: nothing was written anywhere.
  record Rejected(Reason reason, Receipt receipt) implements Outcome {}

  /// May have been done, now or later.
  record Indeterminate(Reason reason, Receipt receipt) implements Outcome {}
}
