// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.content;

/// What stored bytes turned out to be: an [ObjectContent], or not one.
public sealed interface Decoded permits ObjectContent, Decoded.Malformed {

  /// @param at offset at which reading stopped
  record Malformed(Problem problem, int at) implements Decoded {}

  enum Problem {
    /// The bytes end inside a field.
    TRUNCATED,
    /// A number that is longer than it needs to be, or than 64 bits.
    BAD_NUMBER,
    /// A field number of 0, a wire type that does not exist, or not the one that the field has.
    BAD_TAG,
    /// A field that may come once came twice, or something came behind the value.
    OUT_OF_ORDER,
    NO_VALUE,
    TOO_LARGE
  }
}
