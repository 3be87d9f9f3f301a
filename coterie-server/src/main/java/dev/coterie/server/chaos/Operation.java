// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.util.List;

/// One operation of one client, and what became of it.
///
/// @param repliedAt when the client knew, in ns since the run began
/// @param values of a read that was answered: the writes whose values came back, 0 for a value that
///   names none; otherwise empty
/// @param sentence why it was not applied; empty where it was
record Operation(
    Call call, long repliedAt, Outcome outcome, List<Integer> values, String sentence) {
  enum Kind {
    PUT,
    DELETE,
    GET
  }

  /// What the client may conclude.
  enum Outcome {
    /// Acknowledged at its level; a read: answered.
    APPLIED,
    /// Certainly not done; a read: not answered.
    REJECTED,
    /// May have been done, now or later.
    INDETERMINATE
  }

  /// What was asked.
  ///
  /// @param id counts the operations of the run, from 1; the value of a put names it
  /// @param needed how many machines must acknowledge a write, or answer a read
  /// @param seen the writes whose values had come with the context that is sent back: read in it,
  ///   or written under it. The context may cover more (what those had replaced), never less
  /// @param at when it was sent, in ns since the run began
  record Call(
      int id,
      Kind kind,
      String key,
      String client,
      String node,
      int needed,
      List<Integer> seen,
      long at) {
    Call {
      seen = List.copyOf(seen);
    }

    boolean isWrite() {
      return kind != Kind.GET;
    }
  }

  Operation {
    values = List.copyOf(values);
  }

  int id() {
    return call.id();
  }

  boolean isAcked() {
    return call.isWrite() && outcome == Outcome.APPLIED;
  }

  /// `put w17 of cart by c3 through n2 (w=2) at 3.214 s`.
  String describe() {
    String what =
        switch (call.kind()) {
          case PUT -> "put w" + id();
          case DELETE -> "delete w" + id();
          case GET -> "get " + id();
        };
    return what
        + " of "
        + call.key()
        + " by "
        + call.client()
        + " through "
        + call.node()
        + (call.isWrite() ? " (w=" : " (r=")
        + call.needed()
        + ") at "
        + Clock.seconds(call.at());
  }

  /// All of it on one line, tab-separated, as the log of operations has it.
  String line() {
    return String.join(
        "\t",
        Integer.toString(id()),
        call.client(),
        call.node(),
        call.kind().name(),
        call.key(),
        Integer.toString(call.needed()),
        call.seen().toString(),
        Long.toString(call.at()),
        Long.toString(repliedAt),
        outcome.name(),
        values.toString(),
        sentence.replaceAll("\\s+", " "));
  }
}
