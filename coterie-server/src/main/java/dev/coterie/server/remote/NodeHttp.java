// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import dev.coterie.server.config.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One HTTP exchange with one node. Built on the JDK's `HttpURLConnection`, which is ready after 20
/// ms where the newer client takes 170. May be used by many threads.
///
/// @param connectTimeoutMillis how long to wait for the connection
/// @param replyTimeoutMillis how long to wait for the answer
public record NodeHttp(int connectTimeoutMillis, int replyTimeoutMillis) {
  private static final int BODY_BYTES_MAX = 64 << 20;

  /// What became of a request.
  public sealed interface Result {}

  /// The node's answer.
  ///
  /// @param headers by their names in lower case
  public record Reply(int status, Map<String, List<String>> headers, byte[] body)
      implements Result {
    /// The first value of `name` (in lower case); empty where there is none.
    public String header(String name) {
      List<String> values = headers.getOrDefault(name, List.of());
      return values.isEmpty() ? "" : values.getFirst();
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /// Nobody listened or took the connection: the request was certainly not carried out.
  public record NotConnected(String sentence) implements Result {}

  /// The connection broke or no answer came in time: the request may have been carried out.
  public record Lost(String sentence) implements Result {}

  /// Asks `node` for `path` (already percent-encoded) without a body.
  public Result send(HostPort node, String method, String path, Map<String, String> headers) {
    return send(node, method, path, headers, null);
  }

  /// @param body sent as it is; null for none
  public Result send(
      HostPort node,
      String method,
      String path,
      Map<String, String> headers,
      byte @Nullable [] body) {
    HttpURLConnection connection;
    try {
      URLConnection opened = URI.create("http://" + node + path).toURL().openConnection();
      connection = (HttpURLConnection) opened;
      connection.setRequestMethod(method);
    } catch (MalformedURLException | IllegalArgumentException e) {
      return new NotConnected("no such address: " + node + path + " (" + e.getMessage() + ")");
    } catch (IOException e) {
      return new NotConnected(node + " cannot be connected to: " + e.getMessage());
    }
    connection.setConnectTimeout(connectTimeoutMillis);
    connection.setReadTimeout(replyTimeoutMillis);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    headers.forEach(connection::setRequestProperty);
    if (body != null) {
      connection.setDoOutput(true);
      // With a length given, the JDK does not silently send the request a second time.
      connection.setFixedLengthStreamingMode(body.length);
    }
    try {
      connection.connect();
    } catch (IOException e) {
      return new NotConnected(node + " does not answer: " + e.getMessage());
    }
    try {
      if (body != null) {
        try (OutputStream out = connection.getOutputStream()) {
          out.write(body);
        }
      }
      return reply(connection);
    } catch (IOException e) {
      connection.disconnect();
      return new Lost("no answer from " + node + ": " + e.getMessage());
    }
  }

  private static Reply reply(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    if (status < 0) {
      throw new IOException("the answer is not HTTP");
    }
    Map<String, List<String>> headers = new LinkedHashMap<>();
    connection
        .getHeaderFields()
        .forEach(
            (name, values) -> {
              if (name != null) {
                headers
                    .computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .addAll(values);
              }
            });
    InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    byte[] body = new byte[0];
    if (in != null) {
      try (in) {
        body = in.readNBytes(BODY_BYTES_MAX + 1);
      }
    }
    if (body.length > BODY_BYTES_MAX) {
      throw new IOException("the answer is larger than " + BODY_BYTES_MAX + " bytes");
    }
    return new Reply(status, headers, body);
  }
}
