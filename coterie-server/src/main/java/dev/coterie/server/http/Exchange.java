// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.server.dashboard.Watcher;
import dev.coterie.server.lab.LabStream;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request and its answer. Lives on its connection's event loop; only [#answer] may be called
/// from elsewhere.
///
/// | state | next |
/// | --- | --- |
/// | arriving: the body is not all there | waiting |
/// | waiting: for its turn, behind the connection's limit | running |
/// | running: its resource works on it | answered |
/// | answered: a reply is there, maybe behind earlier ones | written |
final class Exchange {
  private final HttpConnection connection;
  private final Verb verb;
  private final String uri;
  private final HttpHeaders headers;
  private final boolean oldProtocol;
  private boolean keepAlive;
  private boolean running;
  private @Nullable Resource resource;
  private @Nullable RequestBody body;
  private volatile @Nullable Reply reply;

  Exchange(
      HttpConnection connection,
      Verb verb,
      String uri,
      HttpHeaders headers,
      boolean oldProtocol,
      boolean keepAlive) {
    this.connection = connection;
    this.verb = verb;
    this.uri = uri;
    this.headers = headers;
    this.oldProtocol = oldProtocol;
    this.keepAlive = keepAlive;
  }

  Verb verb() {
    return verb;
  }

  /// Path and query as they came.
  String uri() {
    return uri;
  }

  HttpHeaders headers() {
    return headers;
  }

  @Nullable String header(AsciiString name) {
    return headers.get(name);
  }

  /// Where the connection comes from; null where that is not known any more.
  @Nullable SocketAddress remote() {
    return connection.remote();
  }

  long nowMillis() {
    return connection.nowMillis();
  }

  @Nullable Resource resource() {
    return resource;
  }

  void resource(Resource found) {
    resource = found;
  }

  /// The announced length of the body: 0 for none, -1 where it comes in chunks.
  long bodyLength() {
    return HttpConnection.bodyLength(headers);
  }

  /// Keeps the body, behind `prefix`. An announced length must have been checked against
  /// `lengthMax`.
  void takeBody(byte[] prefix, int lengthMax) {
    body = new RequestBody(connection.admission(), prefix, (int) bodyLength(), lengthMax);
  }

  @Nullable RequestBody body() {
    return body;
  }

  /// The body without a prefix; empty where none was kept.
  byte[] bodyBytes() {
    RequestBody held = body;
    return held == null ? new byte[0] : held.whole();
  }

  void running(boolean now) {
    running = now;
  }

  boolean isRunning() {
    return running;
  }

  @Nullable Reply reply() {
    return reply;
  }

  /// Answers the request. The first answer counts. From any thread.
  void answer(Reply answer) {
    if (reply == null) {
      reply = answer;
      connection.answered(this);
    }
  }

  boolean keepAlive() {
    return keepAlive;
  }

  /// The connection ends behind this request's response.
  void closeAfter() {
    keepAlive = false;
  }

  /// A reply that goes on as long as `writer` has something to tell.
  Reply events(Consumer<LabStream> writer) {
    return new EventStream(connection, writer::accept);
  }

  /// The same for the dashboard.
  Reply watch(Consumer<Watcher> writer) {
    return new EventStream(connection, writer::accept);
  }

  /// Ends a response: see [ResponseBuffer#end].
  void end(ResponseBuffer out, byte[] bytes, int from, int length) {
    boolean open = keepAlive && !connection.endsAfterThis();
    out.end(bytes, from, length, verb != Verb.HEAD, open, oldProtocol);
  }

  /// Gives back what it holds.
  void release() {
    RequestBody held = body;
    if (held != null) {
      body = null;
      held.release();
    }
  }
}
