// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.codec.token.TokenReading;
import dev.coterie.codec.token.TokenReading.Opened;
import dev.coterie.codec.token.TokenReading.Refused;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.ObjectKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// What a request for a change brings of the past: the context that its client had seen, and the
/// condition under which the change is to be done.
sealed interface Contexts {
  record Read(CausalContext context, Condition condition) implements Contexts {}

  record Refusal(Reply reply) implements Contexts {}

  static Contexts of(HttpHeaders headers, ObjectKey key, Backend backend) {
    CausalContext context = CausalContext.EMPTY;
    String token = headers.get(Names.CONTEXT);
    if (token != null) {
      switch (open(token, key, backend)) {
        case Opened(CausalContext opened) -> context = opened;
        case Refused(TokenReading.Why why) -> {
          return new Refusal(Reply.text(Status.BAD_REQUEST, "X-Riak-Vclock: " + why.sentence()));
        }
      }
    }
    String unmodified = headers.get(Names.IF_NOT_MODIFIED);
    String match = headers.get(HttpHeaderNames.IF_MATCH);
    String noneMatch = headers.get(HttpHeaderNames.IF_NONE_MATCH);
    String since = headers.get(HttpHeaderNames.IF_UNMODIFIED_SINCE);
    int conditions =
        (unmodified == null ? 0 : 1)
            + (match == null ? 0 : 1)
            + (noneMatch == null ? 0 : 1)
            + (since == null ? 0 : 1);
    if (conditions == 0) {
      return new Read(context, Condition.NONE);
    }
    if (conditions > 1) {
      return new Refusal(
          Reply.text(
              Status.BAD_REQUEST,
              "give one condition: If-Match, If-None-Match or X-Riak-If-Not-Modified"));
    }
    if (since != null) {
      return new Refusal(
          Reply.text(
              Status.BAD_REQUEST,
              "If-Unmodified-Since is not checked for a change, because clocks order nothing here:"
                  + " use If-Match or X-Riak-If-Not-Modified"));
    }
    if (unmodified != null) {
      return switch (open(unmodified, key, backend)) {
        case Opened(CausalContext opened) -> new Read(context, new Condition.IfNotModified(opened));
        case Refused(TokenReading.Why why) ->
            new Refusal(
                Reply.text(Status.BAD_REQUEST, "X-Riak-If-Not-Modified: " + why.sentence()));
      };
    }
    return match == null ? noneMatch(context, noneMatch) : match(context, match);
  }

  private static Contexts match(CausalContext context, String header) {
    EntityTags tags = EntityTags.parse(header);
    if (!tags.any() && tags.strong().isEmpty()) {
      return new Refusal(
          Reply.text(
              Status.PRECONDITION_FAILED, "If-Match names no tag that this store gives out"));
    }
    return new Read(context, new Condition.IfMatchTags(tags.strong()));
  }

  private static Contexts noneMatch(CausalContext context, @Nullable String header) {
    EntityTags tags = EntityTags.parse(header == null ? "" : header);
    if (tags.any()) {
      return new Read(context, new Condition.IfNoneMatch());
    }
    return new Read(
        context, tags.all().isEmpty() ? Condition.NONE : new Condition.IfNoneMatchTags(tags.all()));
  }

  private static TokenReading open(String header, ObjectKey key, Backend backend) {
    byte[] token;
    try {
      token = Base64.getDecoder().decode(header);
    } catch (IllegalArgumentException _) {
      return new Refused(TokenReading.Why.MALFORMED);
    }
    return backend.tokens().open(key, token);
  }
}
