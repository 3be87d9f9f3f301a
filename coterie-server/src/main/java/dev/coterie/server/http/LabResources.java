// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.server.lab.Lab;
import dev.coterie.server.lab.LabAnswer;
import dev.coterie.server.lab.Visitor;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `/lab` and what lies below it, on a listener for operators.
final class LabResources {
  static final String PATH = "/lab";
  private static final String RUNS = "/lab/runs";
  private static final String STUDIES = "/lab/studies";
  private static final String LIVE = "/lab/live";
  private static final int PARAMETERS_MAX = 16;

  private final Lab lab;

  LabResources(Lab lab) {
    this.lab = lab;
  }

  static boolean isBelow(String path) {
    return path.equals(PATH) || path.startsWith(PATH + "/");
  }

  void route(Exchange exchange, String path) {
    String run = Lab.streamOf(path);
    boolean starts = path.equals(RUNS) || path.equals(STUDIES);
    switch (exchange.verb()) {
      case GET, HEAD -> {
        if (starts) {
          exchange.answer(ClientRoutes.notAllowed("POST"));
        } else if (path.equals(PATH) || path.equals(PATH + "/")) {
          lab.expect();
          exchange.answer(
              WebFiles.page("lab.html", "./coterie lab run, and the resources under /lab."));
        } else if (run.isEmpty()) {
          exchange.resource(new Computed(each -> get(each, path)));
        } else {
          exchange.resource(stream(run));
        }
      }
      case POST -> {
        if (starts || path.equals(LIVE)) {
          exchange.resource(new Start(path));
        } else {
          exchange.answer(ClientRoutes.notAllowed("GET, HEAD"));
        }
      }
      case DELETE -> exchange.resource(new Computed(_ -> reply(lab.drop(path))));
      case PUT, OTHER -> exchange.answer(ClientRoutes.notAllowed("GET, HEAD, POST, DELETE"));
    }
  }

  private Reply get(Exchange exchange, String path) {
    Map<String, String> query = query(exchange.uri());
    return query == null
        ? Reply.text(Status.BAD_REQUEST, "the query is not well formed")
        : reply(lab.get(path, query));
  }

  /// Parameters by name; null where they make no sense.
  private static @Nullable Map<String, String> query(String uri) {
    Map<String, String> query = new TreeMap<>();
    int question = uri.indexOf('?');
    if (question < 0 || question == uri.length() - 1) {
      return query;
    }
    for (String part : uri.substring(question + 1).split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals < 1 || query.size() == PARAMETERS_MAX) {
        return null;
      }
      var value = PercentCoding.decode(part, equals + 1, part.length());
      if (value == null) {
        return null;
      }
      query.put(part.substring(0, equals), new String(value.array(), StandardCharsets.UTF_8));
    }
    return query;
  }

  private static Reply reply(LabAnswer answer) {
    Reply.Body body = Reply.of(status(answer.status()), answer.contentType(), answer.bytes());
    for (String line : answer.headers()) {
      body = body.with(line);
    }
    return body;
  }

  private static Status status(int code) {
    for (Status status : Status.values()) {
      if (status.code() == code) {
        return status;
      }
    }
    throw new IllegalArgumentException("no status " + code);
  }

  /// Of a run that is not there it says what any of its resources would.
  private Resource stream(String run) {
    return lab.has(run)
        ? new Computed(exchange -> exchange.events(stream -> lab.follow(run, stream)))
        : new Computed(exchange -> get(exchange, PATH + "/runs/" + run + "/summary"));
  }

  /// Whether somebody on this computer asks by a name that is not this computer's: a page of
  /// another site whose name has come to mean this address (DNS rebinding).
  private static boolean isByStrangeName(Exchange exchange) {
    String host = exchange.header(HttpHeaderNames.HOST);
    if (!(exchange.remote() instanceof InetSocketAddress remote)
        || !remote.getAddress().isLoopbackAddress()) {
      return false;
    }
    String name = host == null ? "" : host.replaceFirst(":\\d+$", "");
    return !name.equalsIgnoreCase("localhost")
        && !name.equals("[::1]")
        && !name.matches("127(\\.\\d{1,3}){3}");
  }

  /// `POST /lab/runs`, `/lab/studies` and `/lab/live`. A type that a form of another site cannot
  /// send, so that none can have us play, or write to the cluster.
  private final class Start implements Resource {
    private final String path;

    Start(String path) {
      this.path = path;
    }

    @Override
    public void head(Exchange exchange) {
      String type = exchange.header(HttpHeaderNames.CONTENT_TYPE);
      if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
        exchange.answer(
            Reply.text(Status.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json"));
      } else if (path.equals(LIVE) && isByStrangeName(exchange)) {
        exchange.answer(
            Reply.text(
                Status.FORBIDDEN,
                "ask by localhost or 127.0.0.1: a page of another site may have given this address a"
                    + " name of its own"));
      } else if (exchange.bodyLength() > Lab.BODY_BYTES_MAX) {
        exchange.answer(Reply.text(Status.CONTENT_TOO_LARGE, "the body is too large"));
      } else {
        exchange.takeBody(new byte[0], Lab.BODY_BYTES_MAX);
      }
    }

    @Override
    public void run(Exchange exchange) {
      byte[] body = exchange.bodyBytes();
      Visitor visitor = Visitor.at(exchange.remote());
      new Computed(
              _ ->
                  reply(
                      switch (path) {
                        case STUDIES -> lab.ask(visitor, body);
                        case LIVE -> lab.startLive(body);
                        default -> lab.start(visitor, body);
                      }))
          .run(exchange);
    }
  }
}
