// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import dev.coterie.server.config.HostPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gets, puts and deletes objects through the HTTP interface of any of some nodes. A node that
/// cannot be connected to is passed over, since the request certainly never reached it; a request
/// that was lost on the way is tried elsewhere only if it changes nothing.
public final class KeyClient {
  private static final String CONTEXT = "x-riak-vclock";
  private static final String META = "x-riak-meta-";

  private final NodeHttp http;
  private final List<HostPort> nodes;

  /// @param nodes in the order in which they are tried
  public KeyClient(NodeHttp http, List<HostPort> nodes) {
    this.http = http;
    this.nodes = List.copyOf(nodes);
  }

  /// What a put sends beside key and value.
  ///
  /// @param context what the writer had seen; empty for a blind put
  /// @param headers further headers, among them `Content-Type`
  public record Put(byte[] value, String context, Map<String, String> headers) {}

  /// @param query `r=2&timeout=500`, or empty; so for the others
  public Answer get(String path, String query) {
    Map<String, String> headers = Map.of("Accept", "multipart/mixed, */*;q=0.9");
    Tried tried = send("GET", path, query, headers, null, true);
    return switch (tried.last()) {
      case NodeHttp.Reply reply -> read(reply);
      case NodeHttp.Lost _, NodeHttp.NotConnected _ -> new Answer.Unreachable(tried.sentences());
    };
  }

  private static Answer read(NodeHttp.Reply reply) {
    Map<String, String> receipt = Answer.receipt(reply);
    return switch (reply.status()) {
      case 200, 300 -> {
        List<Answer.Value> values = values(reply);
        yield values == null
            ? new Answer.Rejected(reply.status(), "the answer cannot be read", receipt)
            : new Answer.Found(values, reply.header(CONTEXT), receipt);
      }
      case 404 -> {
        if (isNotFound(reply)) {
          yield new Answer.Missing(reply.header(CONTEXT), receipt);
        }
        yield new Answer.Rejected(404, sentence(reply), receipt);
      }
      default -> new Answer.Rejected(reply.status(), sentence(reply), receipt);
    };
  }

  public Answer put(String path, String query, Put put) {
    Map<String, String> headers = new LinkedHashMap<>(put.headers());
    headers.put("Accept", "multipart/mixed, */*;q=0.9");
    if (!put.context().isEmpty()) {
      headers.put("X-Riak-Vclock", put.context());
    }
    return changed(send("PUT", path, query, headers, put.value(), false));
  }

  /// @param context what the deleter had seen; empty to delete what is there now
  public Answer delete(String path, String query, String context) {
    Map<String, String> headers = context.isEmpty() ? Map.of() : Map.of("X-Riak-Vclock", context);
    return changed(send("DELETE", path, query, headers, null, false));
  }

  private static Answer changed(Tried tried) {
    return switch (tried.last()) {
      case NodeHttp.Reply reply -> changed(reply);
      case NodeHttp.Lost(String sentence) -> new Answer.Indeterminate(sentence, Map.of());
      case NodeHttp.NotConnected _ -> new Answer.Unreachable(tried.sentences());
    };
  }

  private static Answer changed(NodeHttp.Reply reply) {
    Map<String, String> receipt = Answer.receipt(reply);
    int status = reply.status();
    if (status == 404 && isNotFound(reply)) {
      return new Answer.Missing(reply.header(CONTEXT), receipt);
    }
    if (status >= 200 && status <= 300) {
      List<Answer.Value> values = status == 200 || status == 300 ? values(reply) : List.of();
      return new Answer.Applied(
          values == null ? List.of() : values, reply.header(CONTEXT), receipt);
    }
    boolean certain =
        (status >= 400 && status < 500)
            || reply.header("x-coterie-outcome").equalsIgnoreCase("rejected");
    return certain
        ? new Answer.Rejected(status, sentence(reply), receipt)
        : new Answer.Indeterminate(sentence(reply), receipt);
  }

  /// Whether a 404 is about the key, by word of a node, and not about a path that a listener of
  /// another kind does not know.
  private static boolean isNotFound(NodeHttp.Reply reply) {
    return reply.header("x-coterie-outcome").equals("not-found");
  }

  private static String sentence(NodeHttp.Reply reply) {
    String text = reply.text().strip();
    return text.isEmpty() ? "HTTP status " + reply.status() : text;
  }

  /// The last result, and why each node before it was passed over.
  private record Tried(NodeHttp.Result last, List<String> sentences) {}

  private Tried send(
      String method,
      String path,
      String query,
      Map<String, String> headers,
      byte @Nullable [] body,
      boolean changesNothing) {
    String target = query.isEmpty() ? path : path + "?" + query;
    List<String> sentences = new ArrayList<>();
    NodeHttp.Result last = new NodeHttp.NotConnected("no nodes");
    for (HostPort node : nodes) {
      last = http.send(node, method, target, headers, body);
      switch (last) {
        case NodeHttp.Reply _ -> {
          return new Tried(last, sentences);
        }
        case NodeHttp.NotConnected(String sentence) -> sentences.add(sentence);
        case NodeHttp.Lost(String sentence) -> {
          sentences.add(sentence);
          if (!changesNothing) {
            return new Tried(last, sentences);
          }
        }
      }
    }
    return new Tried(last, sentences);
  }

  private static @Nullable List<Answer.Value> values(NodeHttp.Reply reply) {
    String contentType = reply.header("content-type");
    if (reply.status() == 300) {
      List<Multipart.Part> parts = Multipart.parts(contentType, reply.body());
      if (parts == null) {
        return null;
      }
      List<Answer.Value> values = new ArrayList<>();
      for (Multipart.Part part : parts) {
        values.add(value(part.headers(), part.body()));
      }
      return values;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    reply.headers().forEach((name, all) -> headers.put(name, String.join(", ", all)));
    return List.of(value(headers, reply.body()));
  }

  private static Answer.Value value(Map<String, String> headers, byte[] bytes) {
    Map<String, String> meta = new LinkedHashMap<>();
    headers.forEach(
        (name, value) -> {
          if (name.startsWith(META)) {
            meta.put(name.substring(META.length()), value);
          }
        });
    return new Answer.Value(
        headers.getOrDefault("etag", "").replace("\"", ""),
        headers.getOrDefault("content-type", ""),
        headers.getOrDefault("last-modified", ""),
        headers.getOrDefault("x-coterie-expires", ""),
        headers.getOrDefault("x-coterie-ttl", ""),
        meta,
        bytes);
  }
}
