// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.codec.token.SessionToken;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.Session;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.Choice;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The query of a request for an object. Names are Riak's; a name that is not known is passed over,
/// as there. The first value that makes no sense is [#fault].
final class Parameters {
  private Level n = Level.DEFAULT;
  private Level r = Level.DEFAULT;
  private Level w = Level.DEFAULT;
  private Level pr = Level.DEFAULT;
  private Level pw = Level.DEFAULT;
  private Level dw = Level.DEFAULT;
  private Level rw = Level.DEFAULT;
  private Level nodeConfirms = Level.DEFAULT;
  private Choice notfoundOk = Choice.DEFAULT;
  private Choice basicQuorum = Choice.DEFAULT;
  private @Nullable Durability durability;
  private Choice sloppy = Choice.DEFAULT;
  private long timeoutMillis;
  private boolean returnBody;
  private boolean forEver;
  private long ttlMillis;
  private boolean deletedContext;
  private @Nullable String versionTag;
  private @Nullable String sessionText;
  private Session session = Session.NONE;
  private @Nullable String fault;
  private boolean given;

  private Parameters(long timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
  }

  /// @param from where the query begins in `uri`, behind the `?`; the length of `uri` where there
  ///   is none
  /// @param timeoutMillis what holds where the request names no timeout
  static Parameters parse(String uri, int from, long timeoutMillis) {
    Parameters parameters = new Parameters(timeoutMillis);
    int at = from;
    while (at < uri.length() && parameters.fault == null) {
      int and = uri.indexOf('&', at);
      int end = and < 0 ? uri.length() : and;
      int equals = uri.indexOf('=', at);
      int nameEnd = equals < 0 || equals > end ? end : equals;
      String name = uri.substring(at, nameEnd);
      parameters.take(name, decoded(uri, Math.min(nameEnd + 1, end), end));
      at = end + 1;
    }
    return parameters;
  }

  private static String decoded(String uri, int from, int to) {
    Bytes bytes = PercentCoding.decode(uri, from, to);
    return bytes == null ? "%" : new String(bytes.array(), StandardCharsets.ISO_8859_1);
  }

  private void take(String name, String value) {
    given = true;
    switch (name) {
      case "r" -> r = level(name, value);
      case "w" -> w = level(name, value);
      case "pr" -> pr = level(name, value);
      case "pw" -> pw = level(name, value);
      case "dw" -> dw = level(name, value);
      case "rw" -> rw = level(name, value);
      case "node_confirms" -> nodeConfirms = level(name, value);
      case "n_val" -> n = count(name, value);
      case "notfound_ok" -> notfoundOk = choice(name, value);
      case "basic_quorum" -> basicQuorum = choice(name, value);
      case "returnbody" -> returnBody = choice(name, value) == Choice.YES;
      case "deletedvclock" -> deletedContext = !value.equals("false");
      case "durability" -> durability = durability(value);
      case "quorum" -> sloppy = quorum(value);
      case "timeout" -> timeout(value);
      case "ttl" -> ttl(value);
      case "vtag" -> versionTag = value;
      case "session" -> sessionText = value;
      default -> {
        // Riak passes over what it does not know, and its clients count on that.
      }
    }
  }

  private Level level(String name, String value) {
    Level level = Level.parse(value);
    if (level == null || (level == Level.Named.ANY && !name.equals("w"))) {
      fault =
          name
              + " query parameter must be an integer or one of the following words: 'one',"
              + " 'quorum', 'all' or 'default'"
              + (name.equals("w") ? " or 'any'" : "");
      return Level.DEFAULT;
    }
    return level;
  }

  private Level count(String name, String value) {
    Level level = Level.parse(value);
    if (!(level instanceof Level.Count(int count)) || count < 1) {
      fault = name + " query parameter must be a positive integer";
      return Level.DEFAULT;
    }
    return level;
  }

  private Choice choice(String name, String value) {
    return switch (value) {
      case "true" -> Choice.YES;
      case "false" -> Choice.NO;
      case "default" -> Choice.DEFAULT;
      default -> {
        fault = name + " query parameter must be true or false";
        yield Choice.DEFAULT;
      }
    };
  }

  private Choice quorum(String value) {
    return switch (value) {
      case "strict" -> Choice.NO;
      case "sloppy" -> Choice.YES;
      case "default" -> Choice.DEFAULT;
      default -> {
        fault = "quorum query parameter must be strict or sloppy";
        yield Choice.DEFAULT;
      }
    };
  }

  private @Nullable Durability durability(String value) {
    switch (value) {
      case "synced" -> {
        return Durability.SYNCED;
      }
      case "buffered" -> {
        return Durability.BUFFERED;
      }
      default -> {
        fault = "durability query parameter must be synced or buffered";
        return null;
      }
    }
  }

  /// Takes the time limit of the request, in ms, from the query or a header.
  void timeout(String value) {
    given = true;
    long millis = 0;
    boolean number = !value.isEmpty() && value.length() <= 12;
    for (int i = 0; number && i < value.length(); i++) {
      char c = value.charAt(i);
      number = c >= '0' && c <= '9';
      millis = 10 * millis + (c - '0');
    }
    if (!number || millis < 1) {
      fault = "Bad timeout value: it must be a positive number of milliseconds";
    } else {
      timeoutMillis = Math.min(millis, HttpTimes.TIMEOUT_MILLIS_MAX);
    }
  }

  /// Takes the life of the value from the query or a header: seconds, `none` for a value that
  /// stays, or `default`.
  void ttl(String value) {
    ttlMillis = 0;
    forEver = value.equals("none");
    if (forEver || value.equals("default")) {
      return;
    }
    long seconds = 0;
    boolean number = !value.isEmpty() && value.length() <= 12;
    for (int i = 0; number && i < value.length(); i++) {
      char c = value.charAt(i);
      number = c >= '0' && c <= '9';
      seconds = 10 * seconds + (c - '0');
    }
    if (!number || seconds < 1 || seconds > BucketProperties.TTL_SECONDS_MAX) {
      fault =
          "ttl must be a whole number of seconds from 1 to "
              + BucketProperties.TTL_SECONDS_MAX
              + " (ten years), or 'none' for a value that stays; left out, the bucket's default_ttl"
              + " holds";
    } else {
      ttlMillis = seconds * 1000;
    }
  }

  /// How long a value that is stored at `nowMillis` is to stay.
  Lifetime lifetime(long nowMillis) {
    return ttlMillis > 0
        ? new Lifetime.Until(nowMillis + ttlMillis)
        : forEver ? Lifetime.FOR_EVER : Lifetime.OF_BUCKET;
  }

  /// Takes the session that the request brings in its query or, where there is none, in a header:
  /// `new`, or a token.
  void session(@Nullable String header, SessionToken tokens) {
    String text = sessionText == null ? header : sessionText;
    if (text == null) {
      return;
    }
    if (text.equals("new")) {
      session = Session.NEW;
      return;
    }
    Session opened = null;
    try {
      opened = tokens.open(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException _) {
      // said below
    }
    if (opened == null) {
      fault =
          "session: not a token that this cluster gave out; send back the whole token, or begin"
              + " with 'new'";
    } else {
      session = opened;
    }
  }

  /// What the client has seen; [Session#NONE] where it asks for no session.
  Session session() {
    return session;
  }

  /// What is wrong with the query, null where nothing is.
  @Nullable String fault() {
    return fault;
  }

  /// @param deletes whether `rw` counts: for a delete it stands for r and w that are not given
  QuorumOptions options(boolean deletes) {
    if (!given) {
      return QuorumOptions.DEFAULT;
    }
    boolean both = deletes && !rw.equals(Level.DEFAULT);
    return new QuorumOptions(
        n,
        both && r.equals(Level.DEFAULT) ? rw : r,
        both && w.equals(Level.DEFAULT) ? rw : w,
        pr,
        pw,
        dw,
        nodeConfirms,
        notfoundOk,
        basicQuorum,
        durability == null ? Durability.SYNCED : durability,
        durability != null,
        sloppy);
  }

  /// The request's own n, 0 where it has none.
  int copies() {
    return n.of(0, 0);
  }

  long timeoutMillis() {
    return timeoutMillis;
  }

  boolean returnBody() {
    return returnBody;
  }

  /// Whether a "not found" is to carry the context of the tombstone.
  boolean deletedContext() {
    return deletedContext;
  }

  /// Which of several siblings is wanted, null for all.
  @Nullable String versionTag() {
    return versionTag;
  }
}
