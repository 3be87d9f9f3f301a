// SPDX-License-Identifier: Apache-2.0
package dev.coterie.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// The generator against a server that keeps the number of the last put of each key as its context.
class LoadTest {
  private final ConcurrentMap<String, Integer> contexts = new ConcurrentHashMap<>();
  private final AtomicInteger puts = new AtomicInteger();
  private final AtomicInteger blind = new AtomicInteger();
  private final AtomicInteger stale = new AtomicInteger();
  private volatile long pauseNanos;

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String key = exchange.getRequestURI().getPath();
      LockSupport.parkNanos(pauseNanos);
      byte[] unused = exchange.getRequestBody().readAllBytes();
      Integer known = contexts.get(key);
      if (exchange.getRequestMethod().equals("PUT")) {
        puts.incrementAndGet();
        String sent = exchange.getRequestHeaders().getFirst("X-Riak-Vclock");
        if (sent == null) {
          blind.incrementAndGet();
        } else if (known == null || Integer.parseInt(sent) > known) {
          stale.incrementAndGet();
        }
        int now = contexts.merge(key, 1, Integer::sum);
        exchange.getResponseHeaders().set("X-Riak-Vclock", Integer.toString(now));
        exchange.sendResponseHeaders(204, -1);
      } else if (known == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        exchange.getResponseHeaders().set("X-Riak-Vclock", Integer.toString(known));
        exchange.sendResponseHeaders(200, 1);
        exchange.getResponseBody().write('x');
      }
    }
  }

  private HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/", this::handle);
    server.start();
    return server;
  }

  private static LoadPlan plan(InetSocketAddress node, double rate, boolean causal) {
    return new LoadPlan(
        List.of(node),
        "/buckets/t",
        "",
        "",
        0.5,
        KeyChooser.Distribution.UNIFORM,
        50,
        10,
        4,
        rate,
        causal,
        1);
  }

  private static void await(Load load, long operations) {
    while (load.progress().operations() < operations) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void causalPutsCarryTheLastContextOfTheirKey() throws Exception {
    HttpServer server = server();
    try (Load load = new Load(plan(server.getAddress(), 0, true))) {
      assertThat(load.isFilled()).isFalse();
      Result filled = load.fill(false);
      assertThat(filled.operations()).isEqualTo(50);
      assertThat(blind).hasValue(50);
      assertThat(load.isFilled()).isTrue();
      load.start();
      await(load, 300);
      Result result = load.window();
      assertThat(result.errors()).isEmpty();
      assertThat(result.reads().getTotalCount()).isPositive();
      assertThat(result.writes().getTotalCount()).isPositive();
      assertThat(blind).as("only the filling was blind").hasValue(50);
      assertThat(stale).hasValue(0);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void blindPutsCarryNone() throws Exception {
    HttpServer server = server();
    try (Load load = new Load(plan(server.getAddress(), 0, false))) {
      Result unused = load.fill(false);
      load.start();
      await(load, 100);
    } finally {
      server.stop(0);
    }
    assertThat(blind.get()).isEqualTo(puts.get());
  }

  /// Coordinated omission: a server that can do less than is due makes the waiting visible.
  @Test
  void theOpenLoopCountsFromWhenARequestWasDue() throws Exception {
    HttpServer server = server();
    pauseNanos = 20_000_000; // 4 connections: about 200 a second
    try (Load load = new Load(plan(server.getAddress(), 1_000, true))) {
      load.start();
      await(load, 150);
      Result result = load.window();
      // Each request takes 20 ms; those that were due while all connections were busy took longer.
      assertThat(result.all().getValueAtPercentile(90)).isGreaterThan(200_000);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aNodeThatIsNotThereIsAnErrorWithAName() throws Exception {
    HttpServer server = server();
    InetSocketAddress gone = server.getAddress();
    server.stop(0);
    try (Load load = new Load(plan(gone, 0, true))) {
      assertThat(load.isFilled()).isFalse();
      load.start();
      while (load.progress().errors() < 4) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(load.window().errors()).containsOnlyKeys("not connected");
    }
  }
}
