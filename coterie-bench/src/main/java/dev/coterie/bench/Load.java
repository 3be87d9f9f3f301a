// SPDX-License-Identifier: Apache-2.0
package dev.coterie.bench;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Carries out a [LoadPlan]. All requests are made and answered on one event loop, so nothing here
/// is shared; the public methods may be called from one thread outside it.
public final class Load implements AutoCloseable {
  /// Random bytes from which values are cut; incompressible.
  private static final int POOL_BYTES = 1 << 22;

  private static final long TICK_NANOS = 200_000;

  /// What a look at a running load shows.
  public record Progress(long operations, long errors) {}

  private final LoadPlan plan;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("load", true), NioIoHandler.newFactory());
  private final EventLoop loop = loops.next();
  private final KeyChooser chooser;
  private final byte[] pool = new byte[POOL_BYTES];
  private final SplittableRandom random;
  private final @Nullable String[] contexts;
  private final List<Connection> connections = new ArrayList<>();
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private Tallies tallies = new Tallies();
  private boolean running;
  private long due;
  private long sent;
  private long windowBegan = System.nanoTime();

  public Load(LoadPlan plan) {
    this.plan = plan;
    this.chooser = new KeyChooser(plan.distribution(), plan.keys());
    this.random = new SplittableRandom(plan.seed());
    this.contexts = new String[plan.keys()];
    random.split().nextBytes(pool);
    for (int i = 0; i < plan.concurrency(); i++) {
      connections.add(new Connection(plan.nodes().get(i % plan.nodes().size()), loop));
    }
  }

  private String path(int key, String query) {
    return String.format(Locale.ROOT, "%s/keys/key%08d%s", plan.bucketPath(), key, query);
  }

  private byte[] value(SplittableRandom draws) {
    byte[] value = new byte[plan.valueBytes()];
    int from = draws.nextInt(POOL_BYTES - Math.min(POOL_BYTES - 1, value.length));
    System.arraycopy(pool, from, value, 0, Math.min(value.length, POOL_BYTES - from));
    return value;
  }

  // Filling

  /// Whether the first key holds something: the bucket was filled before.
  public boolean isFilled() {
    CompletableFuture<Boolean> found = new CompletableFuture<>();
    loop.execute(
        () ->
            connections
                .getFirst()
                .send(
                    path(0, plan.getQuery()),
                    null,
                    null,
                    new Connection.Answered() {
                      @Override
                      public void answered(int status, @Nullable String context) {
                        found.complete(status == 200 || status == 300);
                      }

                      @Override
                      public void failed(String kind) {
                        found.complete(false);
                      }
                    }));
    return found.join();
  }

  /// Puts every key once, or, where the bucket was filled before, reads every key once to learn its
  /// context.
  ///
  /// @return what it took; complete when all keys have been asked for
  public Result fill(boolean byReading) {
    long began = System.nanoTime();
    CompletableFuture<Result> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          tallies = new Tallies();
          int[] next = {0};
          int[] left = {plan.keys()};
          for (Connection connection : connections) {
            fillNext(connection, byReading, next, left, began, done);
          }
        });
    return done.join();
  }

  private void fillNext(
      Connection connection,
      boolean byReading,
      int[] next,
      int[] left,
      long began,
      CompletableFuture<Result> done) {
    if (next[0] >= plan.keys()) {
      return;
    }
    int key = next[0]++;
    ask(
        connection,
        key,
        byReading,
        System.nanoTime(),
        () -> {
          left[0]--;
          if (left[0] == 0) {
            done.complete(tallies.result((System.nanoTime() - began) / 1e9));
          } else {
            fillNext(connection, byReading, next, left, began, done);
          }
        });
  }

  // The load itself

  /// Starts; nothing is counted for good until [#window] is called.
  public void start() {
    loop.execute(
        () -> {
          running = true;
          if (plan.rate() > 0) {
            idle.addAll(connections);
            due = System.nanoTime();
            openLoop();
          } else {
            connections.forEach(this::again);
          }
        });
  }

  private void again(Connection connection) {
    if (running) {
      int key = chooser.next(random);
      boolean read = random.nextDouble() < plan.readShare();
      ask(connection, key, read, System.nanoTime(), () -> again(connection));
    }
  }

  /// Requests are due at fixed instants; one that finds no free connection waits, and its latency
  /// counts from when it was due.
  private void openLoop() {
    if (!running) {
      return;
    }
    long now = System.nanoTime();
    double step = 1e9 / plan.rate();
    while (!idle.isEmpty()) {
      long at = due + (long) (sent * step);
      if (at > now) {
        break;
      }
      sent++;
      Connection connection = idle.poll();
      ask(
          connection,
          chooser.next(random),
          random.nextDouble() < plan.readShare(),
          at,
          () -> idle.add(connection));
    }
    var _ = loop.schedule(this::openLoop, TICK_NANOS, TimeUnit.NANOSECONDS);
  }

  private void ask(Connection connection, int key, boolean read, long startNanos, Runnable then) {
    byte[] body = read ? null : value(random);
    String context = plan.causal() ? contexts[key] : null;
    connection.send(
        path(key, read ? plan.getQuery() : plan.putQuery()),
        context,
        body,
        new Connection.Answered() {
          @Override
          public void answered(int status, @Nullable String seen) {
            if (seen != null) {
              contexts[key] = seen;
            }
            boolean fine = (status >= 200 && status <= 300) || (read && status == 404);
            if (fine) {
              tallies.succeeded(read, System.nanoTime() - startNanos, status);
            } else {
              tallies.failed("HTTP " + status);
            }
            then.run();
          }

          @Override
          public void failed(String kind) {
            tallies.failed(kind);
            // Not at once: a node that is down refuses thousands of connections a second.
            var _ = loop.schedule(then, 20, TimeUnit.MILLISECONDS);
          }
        });
  }

  /// Counts from now on, and returns what the window before had counted.
  public Result window() {
    CompletableFuture<Result> before = new CompletableFuture<>();
    loop.execute(
        () -> {
          long now = System.nanoTime();
          before.complete(tallies.result((now - windowBegan) / 1e9));
          windowBegan = now;
          tallies = new Tallies();
        });
    return before.join();
  }

  public Progress progress() {
    CompletableFuture<Progress> now = new CompletableFuture<>();
    loop.execute(() -> now.complete(new Progress(tallies.operations(), tallies.failures())));
    return now.join();
  }

  @Override
  public void close() {
    loop.submit(
            () -> {
              running = false;
              connections.forEach(Connection::close);
            })
        .awaitUninterruptibly();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
