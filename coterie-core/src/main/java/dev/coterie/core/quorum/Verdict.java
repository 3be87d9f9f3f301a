// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

/// Where a request stands.
public sealed interface Verdict {
  /// Neither met nor out of reach.
  record Waiting() implements Verdict {}

  /// Every number of the spec is reached.
  record Met() implements Verdict {}

  /// No answer still to come can reach it.
  ///
  /// @param which the parameter that cannot be met: `r`, `pr`, `w`, `pw`, `dw` or `node_confirms`
  /// @param needed how many it asks for
  /// @param got how many there are
  record Unreachable(String which, int needed, int got) implements Verdict {}

  Verdict WAITING = new Waiting();
  Verdict MET = new Met();
}
