// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.message.Reason;

/// Reasons of the core as statuses and sentences, in Riak's words where it has some.
final class Refusals {
  static final byte[] RETRY_AFTER = ResponseBuffer.ascii("Retry-After: 1\r\n");

  /// What is answered.
  record Refusal(Status status, String sentence) {}

  private Refusals() {}

  /// For a request that was certainly not carried out.
  static Refusal of(Reason reason, ObjectReply.Kind kind) {
    return switch (reason.code()) {
      case R_UNSATISFIED -> unsatisfied("R-value", reason);
      case PR_UNSATISFIED -> unsatisfied("PR-value", reason);
      case W_UNSATISFIED -> unsatisfied("W-value", reason);
      case PW_UNSATISFIED -> unsatisfied("PW-value", reason);
      case DW_UNSATISFIED -> unsatisfied("DW-value", reason);
      case NODE_CONFIRMS_UNSATISFIED -> unsatisfied("node_confirms-value", reason);
      case INVALID_QUORUM -> new Refusal(Status.BAD_REQUEST, sentence(reason, "invalid quorum"));
      case TIMEOUT -> new Refusal(Status.UNAVAILABLE, "request timed out");
      case OVERLOAD -> new Refusal(Status.UNAVAILABLE, sentence(reason, "overload"));
      case MATCH_FOUND -> new Refusal(Status.PRECONDITION_FAILED, sentence(reason, "match_found"));
      case MODIFIED -> new Refusal(Status.PRECONDITION_FAILED, sentence(reason, "modified"));
      case NOTHING_FOUND ->
          kind == ObjectReply.Kind.DELETE
              ? new Refusal(Status.NOT_FOUND, "not found")
              : new Refusal(Status.PRECONDITION_FAILED, sentence(reason, "notfound"));
      case TOO_LARGE -> new Refusal(Status.CONTENT_TOO_LARGE, sentence(reason, "too large"));
      case TOO_MANY_SIBLINGS ->
          new Refusal(
              Status.CONFLICT,
              sentence(reason, "too many siblings")
                  + ": read the key, merge its siblings, and store the result with the"
                  + " X-Riak-Vclock that came with them");
      case CONTEXT_TOO_WIDE ->
          new Refusal(
              Status.CONFLICT,
              sentence(reason, "the context is too wide")
                  + ": read the key, and store with the X-Riak-Vclock that comes with it");
      case NOT_READY -> new Refusal(Status.UNAVAILABLE, sentence(reason, "not ready"));
      case NO_OWNER ->
          new Refusal(Status.UNAVAILABLE, sentence(reason, "no owner of the key can be reached"));
      case STORE_FAILED ->
          new Refusal(Status.UNAVAILABLE, sentence(reason, "the disk of this node failed"));
      case COORDINATOR_LOST ->
          new Refusal(
              Status.UNAVAILABLE, sentence(reason, "the coordinating node was lost on the way"));
      case BEHIND_SESSION ->
          new Refusal(Status.UNAVAILABLE, sentence(reason, "behind the session"));
      case CLOCK_SKEW ->
          new Refusal(Status.UNAVAILABLE, sentence(reason, "the clock of this node is wrong"));
      case BAD_REQUEST -> new Refusal(Status.BAD_REQUEST, sentence(reason, "bad request"));
    };
  }

  /// For a request whose outcome nobody knows.
  static Refusal unknown(Reason reason, ObjectReply.Kind kind) {
    Refusal refusal = of(reason, kind);
    return new Refusal(
        Status.UNAVAILABLE,
        refusal.sentence() + "\nindeterminate: the change may have been made, now or later");
  }

  private static Refusal unsatisfied(String name, Reason reason) {
    return new Refusal(
        Status.UNAVAILABLE, name + " unsatisfied: " + reason.got() + "/" + reason.needed());
  }

  private static String sentence(Reason reason, String otherwise) {
    return reason.detail().isEmpty() ? otherwise : reason.detail();
  }
}
