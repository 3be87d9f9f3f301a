// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.codec.content.ContentHead;
import dev.coterie.codec.content.ContentHead.UserMeta;
import dev.coterie.codec.content.ObjectContent;
import dev.coterie.codec.token.SessionToken;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Session;
import dev.coterie.core.message.VersionTag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The response to a request for an object, made of the node's outcome when its turn has come.
final class ObjectReply implements Reply {
  /// What was asked.
  enum Kind {
    READ,
    STORE,
    /// A store under a key that the server made.
    CREATE,
    DELETE
  }

  private static final byte[] CONTEXT = ResponseBuffer.ascii("X-Riak-Vclock: ");
  private static final byte[] SESSION = ResponseBuffer.ascii("X-Coterie-Session: ");
  private static final byte[] SESSION_FORGOT =
      ResponseBuffer.ascii("X-Coterie-Session-Forgot: true\r\n");
  private static final byte[] EXPIRES = ResponseBuffer.ascii("X-Coterie-Expires: ");
  private static final byte[] TTL = ResponseBuffer.ascii("X-Coterie-Ttl: ");
  private static final byte[] ETAG = ResponseBuffer.ascii("ETag: ");
  private static final byte[] LAST_MODIFIED = ResponseBuffer.ascii("Last-Modified: ");
  private static final byte[] LINK = ResponseBuffer.ascii("Link: ");
  private static final byte[] LOCATION = ResponseBuffer.ascii("Location: ");
  private static final byte[] CONTENT_TYPE = ResponseBuffer.ascii("Content-Type: ");
  private static final byte[] CONTENT_ENCODING = ResponseBuffer.ascii("Content-Encoding: ");
  private static final byte[] META = ResponseBuffer.ascii("X-Riak-Meta-");
  private static final byte[] VARY = ResponseBuffer.ascii("Vary: Accept, Accept-Encoding\r\n");
  private static final byte[] DELETED = ResponseBuffer.ascii("X-Riak-Deleted: true\r\n");
  private static final byte[] TEXT = ResponseBuffer.ascii("Content-Type: text/plain\r\n");
  private static final byte[] NOTHING = new byte[0];
  private static final Reply UNREADABLE =
      Reply.text(Status.INTERNAL_ERROR, "the stored value cannot be read");

  private final Backend backend;
  private final ObjectKey key;
  private final Parameters parameters;
  private final Kind kind;
  private final Outcome outcome;

  ObjectReply(Backend backend, ObjectKey key, Parameters parameters, Kind kind, Outcome outcome) {
    this.backend = backend;
    this.key = key;
    this.parameters = parameters;
    this.kind = kind;
    this.outcome = outcome;
  }

  @Override
  public Status write(Exchange exchange, ResponseBuffer out) {
    return switch (outcome) {
      case Outcome.Found found -> values(exchange, out, found.record());
      case Outcome.NotFound missing -> notFound(exchange, out, missing.context());
      case Outcome.Applied applied -> applied(exchange, out, applied);
      case Outcome.Rejected(Reason reason, _) ->
          refused(exchange, out, Refusals.of(reason, kind), reason.code());
      case Outcome.Indeterminate(Reason reason, _) ->
          refused(exchange, out, Refusals.unknown(reason, kind), reason.code());
    };
  }

  private Status applied(Exchange exchange, ResponseBuffer out, Outcome.Applied applied) {
    KeyRecord record = applied.record();
    if (parameters.returnBody() && !record.siblings().isEmpty()) {
      return values(exchange, out, record);
    }
    Status status = kind == Kind.CREATE ? Status.CREATED : Status.NO_CONTENT;
    begin(exchange, out, status, record.context(), null);
    expires(exchange, out, applied.expiryMillis());
    exchange.end(out, NOTHING, 0, 0);
    return status;
  }

  /// When a value expires, and in how many seconds from now; nothing for one that stays.
  private static void expires(Exchange exchange, ResponseBuffer out, long endMillis) {
    if (endMillis > 0) {
      out.header(EXPIRES, new HttpDate().format(endMillis));
      out.header(TTL, Long.toString(secondsLeft(endMillis, exchange.nowMillis())));
    }
  }

  /// A second that has begun counts: a value that is shown has one left at least.
  static long secondsLeft(long endMillis, long nowMillis) {
    return Math.max(1, (endMillis - nowMillis + 999) / 1000);
  }

  private Status notFound(Exchange exchange, ResponseBuffer out, CausalContext context) {
    boolean deleted = !context.isEmpty();
    begin(exchange, out, Status.NOT_FOUND, deleted ? context : null, null);
    if (deleted && parameters.deletedContext()) {
      out.line(DELETED);
    }
    return text(exchange, out, Status.NOT_FOUND, "not found");
  }

  private Status refused(
      Exchange exchange, ResponseBuffer out, Refusals.Refusal refusal, Reason.Code code) {
    out.begin(refusal.status(), exchange.nowMillis());
    out.line(Reasons.line(code));
    Receipts.write(outcome, narrowed(), out);
    session(out);
    if (refusal.status() == Status.UNAVAILABLE) {
      out.line(Refusals.RETRY_AFTER);
    }
    return text(exchange, out, refusal.status(), refusal.sentence());
  }

  /// Whether fewer copies were asked because the request said so, and not for want of machines.
  private boolean narrowed() {
    return parameters.copies() == outcome.receipt().n();
  }

  private static Status text(
      Exchange exchange, ResponseBuffer out, Status status, String sentence) {
    out.line(TEXT);
    byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.end(out, body, 0, body.length);
    return status;
  }

  /// Status line and the headers that every response about a key's state has.
  ///
  /// @param context what the client has now seen, null for none
  /// @param record the record that is shown, null where none is
  private void begin(
      Exchange exchange,
      ResponseBuffer out,
      Status status,
      @Nullable CausalContext context,
      @Nullable KeyRecord record) {
    out.begin(status, exchange.nowMillis());
    if (context != null) {
      byte[] token =
          record == null ? backend.tokens().seal(key, context) : backend.tokens().seal(key, record);
      out.header(CONTEXT, Base64.getEncoder().encode(token));
    }
    if (kind == Kind.CREATE) {
      out.header(
          LOCATION,
          "/buckets/"
              + PercentCoding.encode(key.bucket().name())
              + "/keys/"
              + PercentCoding.encode(key.key()));
    }
    Receipts.write(outcome, narrowed(), out);
    session(out);
  }

  /// What the client has seen now. A refusal gives back what came: the client need not tell the
  /// cases apart.
  private void session(ResponseBuffer out) {
    Session session = parameters.session();
    if (!session.wanted()) {
      return;
    }
    SessionToken tokens = backend.tokens().sessions();
    byte[] token = tokens.seal(session.join(outcome.receipt().session()));
    out.header(SESSION, Base64.getUrlEncoder().withoutPadding().encode(token));
    Session kept = tokens.open(token);
    if (kept != null && kept.forgot()) {
      out.line(SESSION_FORGOT);
    }
  }

  // --- values

  private Status values(Exchange exchange, ResponseBuffer out, KeyRecord record) {
    List<Sibling> siblings = record.siblings();
    String wanted = parameters.versionTag();
    if (wanted != null) {
      for (Sibling sibling : siblings) {
        if (Base62.encode(VersionTag.of(sibling.dot())).equals(wanted)) {
          return one(exchange, out, record, sibling);
        }
      }
      begin(exchange, out, Status.NOT_FOUND, record.context(), record);
      return text(exchange, out, Status.NOT_FOUND, "not found: no sibling has this vtag");
    }
    return siblings.size() == 1
        ? one(exchange, out, record, siblings.getFirst())
        : several(exchange, out, record);
  }

  private Status one(Exchange exchange, ResponseBuffer out, KeyRecord record, Sibling sibling) {
    if (!(ObjectContent.decode(sibling.value()) instanceof ObjectContent content)) {
      return UNREADABLE.write(exchange, out);
    }
    ContentHead head = content.head();
    long tag = VersionTag.of(sibling.dot());
    Status status = kind == Kind.CREATE ? Status.CREATED : Status.OK;
    Status instead = ReadConditions.check(exchange, kind, tag, head.lastModifiedMillis());
    begin(exchange, out, instead == null ? status : instead, record.context(), record);
    out.line(VARY);
    tag(out, tag);
    if (instead == Status.PRECONDITION_FAILED) {
      out.line(Reasons.line(Reason.Code.MODIFIED));
      return text(exchange, out, instead, "the precondition does not hold");
    }
    out.header(LAST_MODIFIED, out.lastModified().format(head.lastModifiedMillis()));
    expires(exchange, out, sibling.expiryMillis());
    if (instead != null) {
      exchange.end(out, NOTHING, 0, 0);
      return instead;
    }
    out.header(LINK, link());
    out.storedHeader(CONTENT_TYPE, contentType(head));
    if (!head.contentEncoding().isEmpty()) {
      out.storedHeader(CONTENT_ENCODING, head.contentEncoding());
    }
    for (UserMeta meta : head.userMeta()) {
      out.storedHeader(META, meta.name(), meta.value());
    }
    exchange.end(out, content.encoded().array(), content.valueFrom(), content.valueLength());
    return status;
  }

  private static void tag(ResponseBuffer out, long tag) {
    out.header(ETAG, "\"" + Base62.encode(tag) + "\"");
  }

  private String link() {
    return "</buckets/" + PercentCoding.encode(key.bucket().name()) + ">; rel=\"up\"";
  }

  static String contentType(ContentHead head) {
    if (head.contentType().isEmpty()) {
      return "application/octet-stream";
    }
    return head.charset().isEmpty()
        ? head.contentType()
        : head.contentType() + "; charset=" + head.charset();
  }

  private Status several(Exchange exchange, ResponseBuffer out, KeyRecord record) {
    long tag = VersionTag.of(record);
    Status status = kind == Kind.CREATE ? Status.CREATED : Status.MULTIPLE_CHOICES;
    Status instead = ReadConditions.check(exchange, kind, tag, Long.MAX_VALUE);
    if (instead != null) {
      begin(exchange, out, instead, record.context(), record);
      out.line(VARY);
      tag(out, tag);
      if (instead == Status.PRECONDITION_FAILED) {
        out.line(Reasons.line(Reason.Code.MODIFIED));
        return text(exchange, out, instead, "the precondition does not hold");
      }
      exchange.end(out, NOTHING, 0, 0);
      return instead;
    }
    Multipart multipart = null;
    if (Multipart.isAccepted(exchange.headers())) {
      List<ObjectContent> contents = new ArrayList<>(record.siblings().size());
      for (Sibling sibling : record.siblings()) {
        if (!(ObjectContent.decode(sibling.value()) instanceof ObjectContent content)) {
          return UNREADABLE.write(exchange, out);
        }
        contents.add(content);
      }
      multipart = new Multipart(backend.unguessable(), link(), out.lastModified());
      multipart.add(record, contents, exchange.nowMillis());
    }
    begin(exchange, out, status, record.context(), record);
    out.line(VARY);
    tag(out, tag);
    if (multipart != null) {
      out.header(CONTENT_TYPE, multipart.contentType());
      byte[] body = multipart.end();
      exchange.end(out, body, 0, body.length);
      return status;
    }
    StringBuilder list = new StringBuilder("Siblings:");
    for (Sibling sibling : record.siblings()) {
      list.append('\n').append(Base62.encode(VersionTag.of(sibling.dot())));
    }
    return text(exchange, out, status, list.toString());
  }
}
