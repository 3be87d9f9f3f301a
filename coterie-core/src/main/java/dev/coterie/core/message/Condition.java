// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.causality.CausalContext;
import java.util.List;

/// What must hold for a put to be done. Checked by the coordinator after a read at the request's r,
/// *not atomically*: another write may come between the check and the put (until linearizable
/// buckets exist).
public sealed interface Condition {
  Condition NONE = new None();

  record None() implements Condition {}

  /// The key holds no value.
  record IfNoneMatch() implements Condition {}

  /// The key holds a value, and nothing that `context` has not seen.
  record IfNotModified(CausalContext context) implements Condition {}

  /// Among the key's siblings is one whose tag ([VersionTag]) is in `tags`; any value at all where
  /// `tags` is empty.
  record IfMatchTags(List<Long> tags) implements Condition {}

  /// None of the key's siblings has a tag in `tags`.
  record IfNoneMatchTags(List<Long> tags) implements Condition {}
}
