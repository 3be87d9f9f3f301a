// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One connection that sends bytes exactly as given and reads responses strictly.
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  RawClient(int port) throws IOException {
    this(port, InetAddress.getLoopbackAddress());
  }

  /// @param from an address of this machine
  RawClient(int port, InetAddress from) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port, from, 0);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /// A response as it came.
  record Response(int status, List<String> headers, byte[] body) {
    @Nullable String header(String name) {
      String found = null;
      for (String line : headers) {
        int colon = line.indexOf(':');
        if (line.substring(0, colon).equalsIgnoreCase(name)) {
          found = line.substring(colon + 1).strip();
        }
      }
      return found;
    }

    String text() {
      return new String(body, StandardCharsets.ISO_8859_1);
    }
  }

  /// @param text ISO-8859-1; line ends as given
  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /// Sends a request with a Host header, and with a Content-Length where there is a body.
  RawClient request(String line, String headers, String body) throws IOException {
    String length =
        body.isEmpty() && !line.startsWith("P") ? "" : "Content-Length: " + body.length() + "\r\n";
    return send(line + " HTTP/1.1\r\nHost: h\r\n" + headers + length + "\r\n" + body);
  }

  Response get(String path, String... headers) throws IOException {
    return request("GET " + path, lines(headers), "").read();
  }

  Response put(String path, String body, String... headers) throws IOException {
    return request("PUT " + path, "Content-Type: text/plain\r\n" + lines(headers), body).read();
  }

  Response delete(String path, String... headers) throws IOException {
    return request("DELETE " + path, lines(headers), "").read();
  }

  private static String lines(String... headers) {
    StringBuilder text = new StringBuilder();
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.toString();
  }

  Response read() throws IOException {
    return read(true);
  }

  Response readHead() throws IOException {
    return read(false);
  }

  private Response read(boolean withBody) throws IOException {
    String status = line();
    if (!status.startsWith("HTTP/1.1 ")) {
      throw new IOException("no status line: " + status);
    }
    int code = Integer.parseInt(status.substring(9, 12));
    List<String> headers = new ArrayList<>();
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      headers.add(header);
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    byte[] body = withBody ? in.readNBytes(length) : new byte[0];
    if (withBody && body.length < length) {
      throw new EOFException("body cut off");
    }
    return new Response(code, headers, body);
  }

  private String line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("connection closed inside a line");
      }
      bytes.write(b);
    }
    String line = bytes.toString(StandardCharsets.ISO_8859_1);
    if (!line.endsWith("\r")) {
      throw new IOException("a line without CR: " + line);
    }
    return line.substring(0, line.length() - 1);
  }

  /// Whether the server ends the connection, after nothing more.
  boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException _) {
      return true;
    }
  }

  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
