// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.Json;
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
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A scenario's workload against a running cluster, over HTTP: the same arrivals, keys and clients
/// as in a simulated run, judged by the same definitions. Time is the clock's, and what happens is
/// not to be had again. It writes keys of its own to a bucket that only such runs use: one for each
/// n and kind of conflict, since a cluster remembers a bucket for ever, and has room for 10,000.
public final class LiveRun {
  private static final int CONNECT_MILLIS = 1_000;
  private static final int ID_BYTES = 5;
  private static final int SWEEP_TRIES = 5;

  /// What a run may cost the cluster.
  ///
  /// @param millis how long its clients may go on
  /// @param calls that may be made in all
  /// @param open calls that may be under way at once; one that is due beyond that is not made
  /// @param sweepMillis how long reading and deleting all keys at the end may take
  public record Limits(long millis, int calls, int open, long sweepMillis) {
    /// For whoever has a command line, and ends it there.
    public static final Limits COMMAND = new Limits(600_000, Integer.MAX_VALUE, 512, 600_000);

    /// For whoever reaches a node's page.
    static final Limits PAGE = new Limits(60_000, 20_000, 64, 60_000);
  }

  /// How the calls came to their end.
  public enum End {
    /// The scenario's time is over.
    WHOLE,
    /// Somebody stopped it.
    STOPPED,
    /// It has cost what it may.
    BUDGET
  }

  /// What the way to the node and back may add to a client's patience.
  private static final int LATE_MILLIS = 20;

  /// What a client knows of a key.
  private record Token(String context, int[] seen) {
    static final Token NOTHING = new Token("", new int[0]);
  }

  private record Who(int client, int key) {}

  private final Scenario scenario;
  private final List<HostPort> nodes;
  private final Limits limits;
  private final String id;
  private final String name;
  private final ObjectPath bucket;
  private final NodeHttp http;
  private final Judge judge;
  private final Map<Who, Token> tokens = new HashMap<>();
  private final Semaphore room;
  private final int timeoutMillis;
  private long origin;
  private int unsent;
  private volatile boolean stopped;
  private volatile End end = End.WHOLE;

  /// @param nodes where the cluster's nodes are found by their clients
  public LiveRun(Scenario scenario, List<HostPort> nodes, Limits limits) {
    this.scenario = scenario;
    this.nodes = List.copyOf(nodes);
    this.limits = limits;
    byte[] random = new byte[ID_BYTES];
    new SecureRandom().nextBytes(random);
    this.id = HexFormat.of().formatHex(random);
    this.name = "lab-live-n" + scenario.whole(Field.N) + (scenario.lastWriteWins() ? "-lww" : "");
    this.bucket = new ObjectPath(new byte[0], name.getBytes(StandardCharsets.UTF_8));
    this.room = new Semaphore(limits.open());
    this.timeoutMillis = (int) scenario.whole(Field.TIMEOUT);
    this.http = new NodeHttp(CONNECT_MILLIS, timeoutMillis + 1_000);
    this.judge = new Judge(scenario);
  }

  public Scenario scenario() {
    return scenario;
  }

  /// What the names of its keys begin with.
  public String id() {
    return id;
  }

  /// The bucket that is written to.
  public String bucket() {
    return name;
  }

  /// Gives the bucket the scenario's properties, before the first call.
  ///
  /// @throws LiveRefusal where no node takes them
  public void prepare() throws LiveRefusal {
    Map<String, Object> props = new LinkedHashMap<>();
    props.put("n_val", scenario.whole(Field.N));
    props.put("conflict", scenario.lastWriteWins() ? "lww-lossy" : "siblings");
    byte[] body = Json.writeLine(Map.of("props", props)).getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = Map.of("Content-Type", "application/json");
    List<String> sentences = new ArrayList<>();
    for (HostPort node : nodes) {
      switch (http.send(node, "PUT", bucket.props(), headers, body)) {
        case NodeHttp.Reply reply when reply.status() < 300 -> {
          return;
        }
        case NodeHttp.Reply reply ->
            sentences.add(node + " refuses the bucket: " + reply.text().strip());
        case NodeHttp.NotConnected(String sentence) -> sentences.add(sentence);
        case NodeHttp.Lost(String sentence) -> sentences.add(sentence);
      }
    }
    throw new LiveRefusal(String.join("; ", sentences) + "; is the cluster running?");
  }

  /// Calls for the scenario's time, then waits for what is under way.
  ///
  /// @param tick told the time now and then, in µs
  public void play(LongConsumer tick) throws InterruptedException {
    origin = System.nanoTime();
    long time = scenario.whole(Field.TIME) * 1_000_000;
    long most = Math.min(time, limits.millis() * 1000);
    Calls calls = new Calls(scenario);
    Call call = calls.next();
    while (call.micros() < most && call.n() <= limits.calls() && waitFor(call.micros(), tick)) {
      if (room.tryAcquire()) {
        Call due = call;
        Thread _ = Thread.ofVirtual().start(() -> carryOut(due));
      } else {
        unsent++;
      }
      call = calls.next();
    }
    if (stopped) {
      end = End.STOPPED;
    } else if (call.micros() < time) {
      end = End.BUDGET;
    } else if (!waitFor(time, tick)) {
      end = End.STOPPED;
    }
    while (!room.tryAcquire(limits.open(), 50, TimeUnit.MILLISECONDS)) {
      tick.accept(micros());
    }
    room.release(limits.open());
    synchronized (this) {
      judge.end(micros());
    }
  }

  /// Makes no further calls. From any thread.
  public void stop() {
    stopped = true;
  }

  /// How the calls came to their end; to be asked once they have.
  public End end() {
    return end;
  }

  /// @return false where the run is stopped before
  private boolean waitFor(long micros, LongConsumer tick) throws InterruptedException {
    while (micros() < micros && !stopped) {
      long now = micros();
      synchronized (this) {
        judge.upTo(now);
      }
      tick.accept(now);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(Math.min(50_000, micros - micros()) * 1000);
    }
    return !stopped;
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
    return bucket.key((id + "-" + Played.key(key)).getBytes(StandardCharsets.UTF_8));
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

  /// What came of the last look at all keys.
  ///
  /// @param silent how many could not be read from all owners; where there are any, nothing is said
  ///   of lost updates
  /// @param left how many were not deleted
  public record Swept(int silent, int left) {}

  /// Reads every key from all owners, to see what is left, and deletes it.
  public Swept sweep() throws InterruptedException {
    KeyClient client = new KeyClient(http, nodes);
    Map<Integer, int[]> held = new HashMap<>();
    long until = System.nanoTime() + limits.sweepMillis() * 1_000_000;
    int left = judge.keys();
    for (int key = 0; key < judge.keys() && System.nanoTime() - until < 0; key++) {
      Answer answer = null;
      for (int tries = 0; tries < SWEEP_TRIES && !isRead(answer); tries++) {
        if (tries > 0) {
          TimeUnit.MILLISECONDS.sleep(500);
        }
        answer = client.get(path(key), "r=all&timeout=5000");
      }
      if (answer instanceof Answer.Found found) {
        held.put(key, ids(found.values()));
      } else if (answer instanceof Answer.Missing) {
        held.put(key, new int[0]);
      }
      left -= isDeleted(client, key, answer) ? 1 : 0;
    }
    int silent = judge.keys() - held.size();
    synchronized (this) {
      if (silent == 0) {
        held.forEach(judge::swept);
      }
    }
    return new Swept(silent, left);
  }

  /// Deletes the key; what could not be read from all owners is deleted by what a quorum shows.
  private boolean isDeleted(KeyClient client, int key, @Nullable Answer read) {
    Answer seen = isRead(read) ? read : client.get(path(key), "timeout=1000");
    return switch (seen) {
      case Answer.Found found ->
          client.delete(path(key), "timeout=5000", found.context()) instanceof Answer.Applied;
      case Answer.Missing _ -> true;
      case null, default -> false;
    };
  }

  private static boolean isRead(@Nullable Answer answer) {
    return answer instanceof Answer.Found || answer instanceof Answer.Missing;
  }

  /// To be asked once the run is over.
  public Judge judge() {
    return judge;
  }

  /// From here on the cluster's nodes hold so many hints, of all buckets.
  synchronized void hints(int held) {
    judge.hints(held);
  }

  /// Asks the judge while calls are under way.
  synchronized <T> T ask(Function<Judge, T> question) {
    return question.apply(judge);
  }

  /// Calls that were due and not made, since too many were under way.
  public int unsent() {
    return unsent;
  }
}
