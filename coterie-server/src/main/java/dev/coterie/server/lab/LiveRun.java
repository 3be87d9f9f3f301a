// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.ObjectPath;
import dev.coterie.sim.lab.Calls;
import dev.coterie.sim.lab.Calls.Call;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Judge;
import dev.coterie.sim.lab.LabOperation;
import dev.coterie.sim.lab.LabOperation.Result;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Scenario;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A scenario's workload against a running cluster, over HTTP: the same arrivals, keys and clients,
/// judged by the same definitions. Time is the clock's, and what happens is not to be had again.
public final class LiveRun {
  /// Calls that are under way at once; one that is due beyond that is not made.
  private static final int OPEN_MAX = 512;

  private static final int CONNECT_MILLIS = 1_000;

  /// What the way to the node and back may add to a client's patience.
  private static final int LATE_MILLIS = 20;

  /// What a client knows of a key.
  private record Token(String context, int[] seen) {
    static final Token NOTHING = new Token("", new int[0]);
  }

  private record Who(int client, int key) {}

  private final Scenario scenario;
  private final List<HostPort> nodes;
  private final ObjectPath bucket;
  private final NodeHttp http;
  private final Judge judge;
  private final Map<Who, Token> tokens = new HashMap<>();
  private final Semaphore room = new Semaphore(OPEN_MAX);
  private final int timeoutMillis;
  private long origin;
  private int unsent;

  /// @param bucket whose keys are written; nobody else's
  public LiveRun(Scenario scenario, List<HostPort> nodes, String bucket) {
    this.scenario = scenario;
    this.nodes = List.copyOf(nodes);
    this.bucket = new ObjectPath(new byte[0], bucket.getBytes(StandardCharsets.UTF_8));
    this.timeoutMillis = (int) scenario.whole(Field.TIMEOUT);
    this.http = new NodeHttp(CONNECT_MILLIS, timeoutMillis + 1_000);
    this.judge = new Judge((int) scenario.whole(Field.KEYS), scenario.lastWriteWins());
  }

  /// Calls for the scenario's time, then waits for what is under way.
  ///
  /// @param tick told the time now and then, in µs
  public void play(LongConsumer tick) throws InterruptedException {
    origin = System.nanoTime();
    long end = scenario.whole(Field.TIME) * 1_000_000;
    Calls calls = new Calls(scenario);
    for (Call call = calls.next(); call.micros() < end; call = calls.next()) {
      waitFor(call.micros(), tick);
      if (room.tryAcquire()) {
        Call due = call;
        Thread _ = Thread.ofVirtual().start(() -> carryOut(due));
      } else {
        unsent++;
      }
    }
    waitFor(end, tick);
    room.acquire(OPEN_MAX);
    room.release(OPEN_MAX);
  }

  private void waitFor(long micros, LongConsumer tick) throws InterruptedException {
    while (micros() < micros) {
      tick.accept(micros());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(Math.min(50_000, micros - micros()) * 1000);
    }
  }

  private long micros() {
    return (System.nanoTime() - origin) / 1000;
  }

  private void carryOut(Call call) {
    try {
      List<HostPort> order = new ArrayList<>(nodes);
      Collections.rotate(order, -(call.choice() % nodes.size()));
      KeyClient client = new KeyClient(http, order);
      if (call.write()) {
        put(client, call);
      } else {
        get(client, call);
      }
    } finally {
      room.release();
    }
  }

  private String path(int key) {
    return bucket.key(Played.key(key).getBytes(StandardCharsets.UTF_8));
  }

  private String quorum(String level) {
    return level
        + "&timeout="
        + timeoutMillis
        + "&quorum="
        + (scenario.on(Field.SLOPPY) ? "sloppy" : "strict");
  }

  private Token token(Call call) {
    return tokens.getOrDefault(new Who(call.client(), call.key()), Token.NOTHING);
  }

  private synchronized LabOperation began(Call call) {
    return judge.begin(call.write(), call.key(), call.client(), micros(), token(call).seen());
  }

  private synchronized String context(Call call) {
    return token(call).context();
  }

  private void get(KeyClient client, Call call) {
    LabOperation read = began(call);
    Answer answer = client.get(path(call.key()), quorum("r=" + scenario.text(Field.R)));
    switch (answer) {
      case Answer.Found found -> found(call, read, ids(found.values()), found.context());
      case Answer.Missing missing -> found(call, read, new int[0], missing.context());
      case Answer.Rejected rejected -> failed(read, Result.FAILED, rejected.sentence());
      case Answer.Unreachable none ->
          failed(read, Result.FAILED, String.join("; ", none.sentences()));
      case Answer.Indeterminate unknown -> failed(read, Result.FAILED, unknown.sentence());
      case Answer.Applied _ -> failed(read, Result.FAILED, "an answer that makes no sense");
    }
  }

  /// A client waits no longer than the scenario's patience, whatever comes later.
  private boolean isLate(LabOperation operation) {
    return micros() - operation.began > (timeoutMillis + LATE_MILLIS) * 1000L;
  }

  private String late() {
    return "no answer within " + timeoutMillis + " ms";
  }

  private synchronized void found(Call call, LabOperation read, int[] versions, String context) {
    if (isLate(read)) {
      judge.failed(read, Result.FAILED, late(), micros());
      return;
    }
    judge.found(read, versions, micros());
    Token _ = tokens.put(new Who(call.client(), call.key()), new Token(context, versions));
  }

  private void put(KeyClient client, Call call) {
    String context;
    LabOperation write;
    synchronized (this) {
      context = context(call);
      write = began(call);
    }
    StringBuilder value = new StringBuilder("w").append(write.id).append(' ');
    value.repeat('.', Math.max(0, (int) scenario.whole(Field.VALUE) - value.length()));
    Answer answer =
        client.put(
            path(call.key()),
            quorum("returnbody=true&w=" + scenario.text(Field.W)),
            new KeyClient.Put(
                value.toString().getBytes(StandardCharsets.UTF_8),
                context,
                Map.of("Content-Type", "text/plain")));
    switch (answer) {
      case Answer.Applied applied -> acked(call, write, ids(applied.values()), applied.context());
      case Answer.Rejected rejected -> failed(write, Result.FAILED, rejected.sentence());
      case Answer.Unreachable none ->
          failed(write, Result.FAILED, String.join("; ", none.sentences()));
      case Answer.Indeterminate unknown -> failed(write, Result.INDETERMINATE, unknown.sentence());
      case Answer.Found _, Answer.Missing _ ->
          failed(write, Result.INDETERMINATE, "an answer that makes no sense");
    }
  }

  private synchronized void acked(Call call, LabOperation write, int[] versions, String context) {
    if (isLate(write)) {
      judge.failed(write, Result.INDETERMINATE, late(), micros());
      return;
    }
    judge.acked(write, micros());
    if (!context.isEmpty() && versions.length > 0) {
      Token _ = tokens.put(new Who(call.client(), call.key()), new Token(context, versions));
    }
  }

  private synchronized void failed(LabOperation operation, Result result, String reason) {
    judge.failed(operation, result, reason, micros());
  }

  /// The writes that these values name.
  private static int[] ids(List<Answer.Value> values) {
    List<Integer> ids = new ArrayList<>();
    for (Answer.Value value : values) {
      String text = new String(value.bytes(), StandardCharsets.UTF_8);
      int space = text.indexOf(' ');
      if (text.startsWith("w") && space > 1) {
        ids.add(Integer.parseInt(text.substring(1, space)));
      }
    }
    return ids.stream().mapToInt(each -> each).sorted().toArray();
  }

  /// Reads every key from all owners, to see what is left, and deletes it.
  ///
  /// @return how many keys could not be read from all; where there are any, nothing is said of lost
  ///   updates
  public int sweep() throws InterruptedException {
    KeyClient client = new KeyClient(http, nodes);
    Map<Integer, int[]> held = new HashMap<>();
    int silent = 0;
    for (int key = 0; key < judge.keys(); key++) {
      Answer answer = null;
      for (int tries = 0; tries < 5 && !isRead(answer); tries++) {
        if (tries > 0) {
          TimeUnit.MILLISECONDS.sleep(500);
        }
        answer = client.get(path(key), "r=all&timeout=5000");
      }
      if (answer instanceof Answer.Found found) {
        held.put(key, ids(found.values()));
        Answer _ = client.delete(path(key), "timeout=5000", found.context());
      } else if (answer instanceof Answer.Missing) {
        held.put(key, new int[0]);
      } else {
        silent++;
      }
    }
    synchronized (this) {
      if (silent == 0) {
        held.forEach(judge::swept);
      }
    }
    return silent;
  }

  private static boolean isRead(@Nullable Answer answer) {
    return answer instanceof Answer.Found || answer instanceof Answer.Missing;
  }

  /// To be asked once the run is over.
  public Judge judge() {
    return judge;
  }

  /// Calls that were due and not made, since too many were under way.
  public int unsent() {
    return unsent;
  }
}
