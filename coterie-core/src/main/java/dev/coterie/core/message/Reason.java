// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

/// Why a request was rejected or is of unknown outcome, with the numbers in it.
///
/// @param needed how many were needed, 0 where nothing is counted
/// @param got how many there were
/// @param detail a sentence for people
public record Reason(Code code, int needed, int got, String detail) {
  /// Append-only: the numbers are part of the wire format.
  public enum Code {
    R_UNSATISFIED(1),
    PR_UNSATISFIED(2),
    W_UNSATISFIED(3),
    PW_UNSATISFIED(4),
    DW_UNSATISFIED(5),
    NODE_CONFIRMS_UNSATISFIED(6),
    /// A quorum parameter that no cluster of this shape can meet.
    INVALID_QUORUM(7),
    TIMEOUT(8),
    OVERLOAD(9),
    /// `if_none_match`, and the key holds a value.
    MATCH_FOUND(10),
    /// `if_not_modified`, and the key holds a value that the context has not seen.
    MODIFIED(11),
    /// A condition that asks for a value, and there is none.
    NOTHING_FOUND(12),
    TOO_LARGE(13),
    TOO_MANY_SIBLINGS(14),
    /// The node does not serve yet or any more.
    NOT_READY(15),
    /// No owner of the key can be reached.
    NO_OWNER(16),
    /// The local disk failed.
    STORE_FAILED(17),
    /// The connection to the node that coordinated was lost.
    COORDINATOR_LOST(18),
    BAD_REQUEST(19),
    /// No owner that could be asked in time has seen all that the client's session has.
    BEHIND_SESSION(20),
    /// The client's context names too much that the key's record does not, for it has written often
    /// without reading; and not all owners could be asked which of that is gone.
    CONTEXT_TOO_WIDE(21),
    /// The clock of the node, or of the owners, is too far off for a timestamp.
    CLOCK_SKEW(22);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }
  }

  @Override
  public String toString() {
    return code
        + (needed > 0 ? " " + got + "/" + needed : "")
        + (detail.isEmpty() ? "" : ": " + detail);
  }
}
