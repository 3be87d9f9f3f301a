// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.message.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client connection: takes requests off it in order, has up to a fixed number worked on at
/// once, and writes their responses in the order of the requests. All on the connection's event
/// loop.
///
/// | state | means |
/// | --- | --- |
/// | open | reading requests |
/// | closing | no more requests are taken: one was broken or the last, or the client sends no more; closes once all responses owed are written |
/// | finishing | all are written; waits until the client's side has taken them |
/// | lingering | everything is written and our half is shut; input is dropped until the client closes |
final class HttpConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
  private static final byte[] CONTINUE = ResponseBuffer.ascii("HTTP/1.1 100 Continue\r\n\r\n");

  private static final Reply FAILED = Reply.text(Status.INTERNAL_ERROR, "internal error");

  /// Of a body that is read only to be dropped.
  private static final int DROPPED_BYTES_MAX = 64 * 1024;

  private final Channel channel;
  private final Routes routes;
  private final Admission admission;
  private final HttpTimes times;
  private final HttpMeters meters;
  private final LoopConnections loop;

  /// All requests whose responses are not written, in order.
  private final ArrayDeque<Exchange> owed = new ArrayDeque<>();

  /// Those of [#owed] that have arrived and wait for others of this connection to end.
  private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();

  private @Nullable ResponseBuffer out;
  private @Nullable Exchange arriving;
  private int running;
  private int index = -1;
  private boolean reading;
  private boolean unflushed;
  private boolean inHead;
  private boolean continueExpected;
  private boolean draining;
  private boolean closing;
  private boolean finishing;
  private boolean lingering;

  /// Events that this connection carries until they end; nothing else comes on it.
  private @Nullable EventStream stream;

  /// The client has shut its half: nothing more comes.
  private boolean inputEnded;

  private boolean paused;

  /// When the first byte came of a request whose head is not complete, 0 where there is none.
  private long headSinceNanos;

  /// Of the request whose body is arriving: since when, and how many bytes came.
  private long bodySinceNanos;

  private long bodyBytes;

  /// When something last came, was answered, or could be written.
  private long activeNanos;

  HttpConnection(
      Channel channel,
      Routes routes,
      Admission admission,
      HttpTimes times,
      HttpMeters meters,
      LoopConnections loop) {
    this.channel = channel;
    this.routes = routes;
    this.admission = admission;
    this.times = times;
    this.meters = meters;
    this.loop = loop;
    this.activeNanos = System.nanoTime();
  }

  int index() {
    return index;
  }

  void index(int now) {
    index = now;
  }

  Admission admission() {
    return admission;
  }

  @Nullable SocketAddress remote() {
    return channel.remoteAddress();
  }

  long nowMillis() {
    return loop.nowMillis();
  }

  /// Whether the response being written is the last one.
  boolean endsAfterThis() {
    return closing && owed.size() <= 1;
  }

  // --- reading

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    out = new ResponseBuffer(context, loop.scratch());
  }

  /// Told by the decoder of every read, before it decodes.
  void bytesArrived(int count) {
    if (closing) {
      return;
    }
    long now = System.nanoTime();
    activeNanos = now;
    reading = true;
    if (arriving != null) {
      bodyBytes += count;
    } else if (headSinceNanos == 0) {
      headSinceNanos = now;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (closing) {
        return;
      }
      if (message instanceof HttpRequest request) {
        begin(request);
      }
      if (message instanceof HttpContent content) {
        content(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(HttpRequest request) {
    headSinceNanos = 0;
    bodyBytes = 0;
    bodySinceNanos = activeNanos;
    HttpHeaders headers = request.headers();
    Exchange exchange =
        new Exchange(
            this,
            Verb.of(request.method().name()),
            request.uri(),
            headers,
            request.protocolVersion().minorVersion() == 0,
            HttpUtil.isKeepAlive(request));
    owed.add(exchange);
    arriving = exchange;
    Reply refusal = HeadCheck.refusal(request);
    if (refusal != null) {
      refuse(exchange, refusal);
      return;
    }
    inHead = true;
    try {
      routes.route(exchange);
      Resource resource = exchange.resource();
      if (resource != null && exchange.reply() == null) {
        resource.head(exchange);
      }
    } catch (RuntimeException e) {
      failed(exchange, e);
    } finally {
      inHead = false;
    }
    continueExpected = headers.contains(HttpHeaderNames.EXPECT);
    if (exchange.reply() == null) {
      sendContinue();
    } else {
      // A small body that is not wanted is read and dropped; for any other a new connection is
      // cheaper.
      long length = exchange.bodyLength();
      if (length < 0 || length > DROPPED_BYTES_MAX || (length > 0 && continueExpected)) {
        stopReading(exchange);
      }
      ended(exchange);
    }
  }

  /// Tells a client that asked whether to send its body to do so, once that is its turn.
  private void sendContinue() {
    ResponseBuffer buffer = out;
    if (continueExpected && arriving != null && arriving == owed.peekFirst() && buffer != null) {
      continueExpected = false;
      buffer.raw(CONTINUE);
      wantFlush();
    }
  }

  /// The announced length of a body: 0 for none, -1 where it comes in chunks.
  static long bodyLength(HttpHeaders headers) {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    if (length != null) {
      return Long.parseLong(length);
    }
    return headers.contains(HttpHeaderNames.TRANSFER_ENCODING) ? -1 : 0;
  }

  private void content(HttpContent content) {
    Exchange exchange = arriving;
    if (exchange == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      refuse(exchange, Reply.text(Status.BAD_REQUEST, "the body's chunks are not well formed"));
      return;
    }
    if (!take(exchange, content.content())) {
      return;
    }
    if (content instanceof LastHttpContent) {
      arriving = null;
      if (exchange.reply() != null) {
        return;
      }
      if (running < admission.limits().inFlightPerConnectionMax()) {
        start(exchange);
      } else {
        waiting.add(exchange);
        pause(true);
      }
    }
  }

  private boolean take(Exchange exchange, ByteBuf bytes) {
    RequestBody body = exchange.body();
    if (body == null) {
      // A body that nobody asked for, such as a GET's.
      if (bodyBytes > DROPPED_BYTES_MAX) {
        refuse(exchange, Reply.text(Status.CONTENT_TOO_LARGE, "this request takes no body"));
        return false;
      }
      return true;
    }
    switch (body.add(bytes)) {
      case DONE -> {
        return true;
      }
      case TOO_LARGE ->
          refuse(exchange, Reply.text(Status.CONTENT_TOO_LARGE, "the body is too large"));
      case NO_ROOM -> {
        turnedAway(exchange);
        refuse(exchange, Overload.MEMORY);
      }
    }
    return false;
  }

  /// Answers, if nobody has, and closes behind the answer.
  private void refuse(Exchange exchange, Reply reply) {
    stopReading(exchange);
    exchange.answer(reply);
    if (owed.isEmpty()) {
      wantFlush();
    }
  }

  private void stopReading(Exchange exchange) {
    closing = true;
    arriving = null;
    exchange.closeAfter();
  }

  // --- working

  private void start(Exchange exchange) {
    Resource resource = exchange.resource();
    if (resource == null) {
      return;
    }
    if (!admission.requestStarted()) {
      turnedAway(exchange);
      exchange.answer(Overload.REQUESTS);
      return;
    }
    running++;
    exchange.running(true);
    try {
      resource.run(exchange);
    } catch (RuntimeException e) {
      failed(exchange, e);
    }
  }

  private static void turnedAway(Exchange exchange) {
    Resource resource = exchange.resource();
    if (resource != null) {
      resource.turnedAway();
    }
  }

  private static void failed(Exchange exchange, RuntimeException e) {
    LOG.error("a request failed inside the listener", e);
    exchange.closeAfter();
    exchange.answer(FAILED);
  }

  /// A reply is there. From any thread.
  void answered(Exchange exchange) {
    if (channel.eventLoop().inEventLoop()) {
      ended(exchange);
    } else {
      channel.eventLoop().execute(() -> ended(exchange));
    }
  }

  private void ended(Exchange exchange) {
    if (inHead) {
      return;
    }
    if (exchange.isRunning()) {
      exchange.running(false);
      running--;
      admission.requestEnded();
    }
    exchange.release();
    if (exchange == owed.peekFirst()) {
      drain();
    }
    startWaiting();
  }

  private void startWaiting() {
    while (!waiting.isEmpty() && running < admission.limits().inFlightPerConnectionMax()) {
      start(waiting.removeFirst());
    }
    if (paused && waiting.isEmpty() && channel.isWritable()) {
      pause(false);
    }
  }

  private void pause(boolean wanted) {
    if (paused != wanted) {
      paused = wanted;
      long now = System.nanoTime();
      activeNanos = now;
      headSinceNanos = headSinceNanos == 0 ? 0 : now;
      bodySinceNanos = now;
      bodyBytes = 0;
      channel.config().setAutoRead(!wanted);
    }
  }

  // --- writing

  private void drain() {
    ResponseBuffer buffer = out;
    if (draining || buffer == null) {
      return;
    }
    draining = true;
    boolean wrote = false;
    try {
      for (Exchange next = owed.peekFirst(); next != null; next = owed.peekFirst()) {
        Reply reply = next.reply();
        if (reply == null || !channel.isWritable()) {
          break;
        }
        if (!next.keepAlive()) {
          closing = true;
        }
        meters.answered(next.verb(), written(next, reply, buffer));
        owed.removeFirst();
        wrote = true;
      }
    } finally {
      draining = false;
    }
    if (wrote) {
      // A client is idle from its last answer on, however long that took; what is written here
      // still
      // waits for its flush.
      activeNanos = System.nanoTime();
      sendContinue();
      wantFlush();
    }
  }

  private Status written(Exchange exchange, Reply reply, ResponseBuffer buffer) {
    try {
      return reply.write(exchange, buffer);
    } catch (RuntimeException e) {
      LOG.error("a response could not be written", e);
      closing = true;
      exchange.closeAfter();
      return FAILED.write(exchange, buffer);
    }
  }

  // --- events

  /// The head of `events` has been written; no more requests are taken.
  void streams(EventStream events) {
    stream = events;
    closing = true;
  }

  /// Writes one event. From any thread; the stream is told once it has left.
  void sendEvent(EventStream events, byte[] bytes) {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (stream != events) {
                events.gone();
                return;
              }
              activeNanos = System.nanoTime();
              ResponseBuffer head = out;
              if (head != null) {
                head.flush();
              }
              channel
                  .writeAndFlush(Unpooled.wrappedBuffer(bytes))
                  .addListener(
                      written -> {
                        if (written.isSuccess()) {
                          events.taken();
                        } else {
                          events.gone();
                        }
                      });
            });
  }

  /// There are no more. From any thread.
  void endEvents(EventStream events) {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (stream == events) {
                stream = null;
                flush();
              }
            });
  }

  private void wantFlush() {
    if (!reading && !unflushed) {
      unflushed = true;
      loop.flushLater(this);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    flush();
  }

  void flush() {
    unflushed = false;
    ResponseBuffer buffer = out;
    if (buffer == null) {
      return;
    }
    buffer.flush();
    if (closing && owed.isEmpty() && !finishing && stream == null) {
      finish();
    }
    if (!channel.isWritable() && !closing) {
      pause(true);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    activeNanos = System.nanoTime();
    if (channel.isWritable()) {
      drain();
      startWaiting();
    }
  }

  /// Shutting our half drops what has not left yet, so that goes first.
  private void finish() {
    finishing = true;
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (written.isSuccess() && !inputEnded) {
                linger();
              } else {
                channel.close();
              }
            });
  }

  /// Shuts our half and waits for the client to close, so that it can read the last response:
  /// closing with unread input would reset the connection and take the response with it.
  private void linger() {
    lingering = true;
    activeNanos = System.nanoTime();
    channel.config().setAutoRead(true);
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    } else {
      channel.close();
    }
  }

  // --- time

  /// Looks at the time limits.
  void look(long now) {
    long quietMillis = millis(now - activeNanos);
    Exchange exchange = arriving;
    if (lingering) {
      if (quietMillis >= HttpTimes.LINGER_MILLIS) {
        channel.close();
      }
    } else if (!channel.isWritable() || paused) {
      if (!channel.isWritable() && quietMillis >= times.requestMillis()) {
        channel.close();
      }
    } else if (exchange != null) {
      if (isTooSlow(now)) {
        refuse(exchange, Reply.text(Status.REQUEST_TIMEOUT, "the body took too long to arrive"));
      }
    } else if (headSinceNanos != 0 && !closing) {
      if (millis(now - headSinceNanos) >= times.headerMillis()) {
        closing = true;
        if (owed.isEmpty()) {
          refuseHead();
        }
      }
    } else if (owed.isEmpty() && stream == null && quietMillis >= times.idleMillis()) {
      channel.close();
    }
  }

  private boolean isTooSlow(long now) {
    long elapsed = millis(now - bodySinceNanos);
    return elapsed >= times.requestMillis()
        || (elapsed > 1000
            && bodyBytes * 1000 < times.bytesPerSecondMin() * Math.max(0, elapsed - 1000));
  }

  private void refuseHead() {
    ResponseBuffer buffer = out;
    if (buffer != null) {
      buffer.begin(Status.REQUEST_TIMEOUT, nowMillis());
      buffer.line(Reasons.line(Reason.Code.TIMEOUT));
      buffer.end(new byte[0], 0, 0, true, false, false);
      meters.answered(Verb.OTHER, Status.REQUEST_TIMEOUT);
      wantFlush();
    }
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  // --- ending

  /// Takes no more requests and closes once all responses owed are written.
  void stop() {
    Exchange exchange = arriving;
    if (exchange != null) {
      exchange.closeAfter();
    } else {
      closing = true;
      if (owed.isEmpty()) {
        channel.close();
      }
    }
  }

  void close() {
    channel.close();
  }

  /// The client has shut its half. What it has asked for is answered; the decoder has told of a
  /// request that was cut off.
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      if (lingering) {
        channel.close();
        return;
      }
      Exchange exchange = arriving;
      if (exchange != null) {
        refuse(exchange, Reply.text(Status.BAD_REQUEST, "the body ended early"));
      }
      closing = true;
      Exchange last = owed.peekLast();
      if (last != null) {
        last.closeAfter();
      }
      flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closing = true;
    arriving = null;
    waiting.clear();
    for (Exchange exchange : owed) {
      exchange.release();
    }
    owed.clear();
    EventStream events = stream;
    stream = null;
    if (events != null) {
      events.gone();
    }
    ResponseBuffer buffer = out;
    out = null;
    if (buffer != null) {
      buffer.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A reset, a broken pipe: the client is gone. Anything of our own was caught where it happened.
    LOG.debug("closing a connection: {}", cause.getClass().getSimpleName());
    context.close();
  }
}
