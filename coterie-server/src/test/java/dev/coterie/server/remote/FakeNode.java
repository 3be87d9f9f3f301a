// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.coterie.server.config.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A node's HTTP listener on loopback that answers what a test tells it and remembers what it was
/// asked.
public final class FakeNode implements AutoCloseable {
  /// One request, as it came in.
  ///
  /// @param target path and query, undecoded
  /// @param headers by their names in lower case
  public record Asked(String method, String target, Map<String, String> headers, String body) {}

  /// One answer.
  public record Told(int status, Map<String, String> headers, String body) {}

  /// Decides what to answer.
  public interface Script {
    Told answer(Asked asked);
  }

  private final HttpServer server;
  private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

  public FakeNode(Script script) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", exchange -> handle(exchange, script));
    server.start();
  }

  private void handle(HttpExchange exchange, Script script) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
    Asked request =
        new Asked(exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
    asked.add(request);
    Told told = script.answer(request);
    if (told.status() == 0) {
      exchange.close();
      return;
    }
    told.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    byte[] bytes = told.body().getBytes(StandardCharsets.ISO_8859_1);
    exchange.sendResponseHeaders(told.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  public HostPort address() {
    return new HostPort("127.0.0.1", server.getAddress().getPort());
  }

  /// An address on which nobody listens any more.
  public static HostPort nobody() {
    FakeNode gone = new FakeNode(_ -> told(500, ""));
    HostPort address = gone.address();
    gone.close();
    return address;
  }

  public static Told told(int status, String body, String... headers) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      map.put(headers[i], headers[i + 1]);
    }
    return new Told(status, map, body);
  }

  /// Takes the request and breaks the connection instead of answering.
  public static Told hangUp() {
    return told(0, "");
  }

  public List<Asked> asked() {
    synchronized (asked) {
      return List.copyOf(asked);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
