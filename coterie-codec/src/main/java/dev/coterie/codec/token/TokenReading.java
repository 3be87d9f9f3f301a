// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.token;

import dev.coterie.core.causality.CausalContext;

/// What a token from outside turned out to be.
public sealed interface TokenReading {
  record Opened(CausalContext context) implements TokenReading {}

  record Refused(Why why) implements TokenReading {}

  /// Why a token is not taken; [#sentence] is for the client and says nothing about keys or MACs
  /// beyond that.
  enum Why {
    TOO_SHORT("the causal context is cut off: send back the whole token as it was given"),
    TOO_LARGE("the causal context is larger than any that this store gives out"),
    UNKNOWN_VERSION("the causal context has a format that this version does not know"),
    UNKNOWN_KEY("the causal context was made under a key that this cluster does not hold"),
    /// Changed, made elsewhere, or given for another key.
    WRONG_MAC("the causal context was not given out by this cluster for this bucket and key"),
    /// The MAC is right and the content is not: made by whoever holds the key, and wrongly.
    MALFORMED("the causal context cannot be read");

    private final String sentence;

    Why(String sentence) {
      this.sentence = sentence;
    }

    public String sentence() {
      return sentence;
    }
  }
}
