// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.Session;
import dev.coterie.core.quorum.Choice;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.host.metric.QuorumMetrics;
import dev.coterie.sim.lab.LabOperation.Result;
import dev.coterie.sim.lab.Recording.Type;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The clients of a run: each operation begins at its time, calls one node after the other until
/// one is up, and ends with what the client is told, or with its patience.
final class Clients {
  /// What a client knows of a key.
  private record Token(CausalContext context, Past past) {}

  private final LabRun run;
  private final Scenario scenario;
  private final Workload workload;
  private final World world;
  private final List<SimNode> nodes;
  private final List<ObjectKey> keys;
  private final Recording recording;
  private final Series series;
  private final List<LabOperation> operations;
  private final Ledger ledger;
  private final QuorumMetrics metrics = new QuorumMetrics();
  private final @Nullable Token[][] tokens;
  private final QuorumOptions options;
  private final long timeoutMillis;
  private final Hops hops;
  private final long origin;
  private int open;
  private long lastAcked;

  /// @param operations takes each operation as it begins
  /// @param origin when the run begins, in the world's ns
  Clients(
      LabRun run,
      Scenario scenario,
      Chance chance,
      List<ObjectKey> keys,
      List<LabOperation> operations,
      long origin) {
    this.run = run;
    this.scenario = scenario;
    this.workload = new Workload(scenario, chance);
    this.world = run.world();
    this.nodes = run.nodes();
    this.keys = keys;
    this.recording = run.recording();
    this.series = run.series();
    this.operations = operations;
    this.ledger = run.ledger();
    this.tokens = new Token[(int) scenario.whole(Field.CLIENTS)][];
    this.options =
        QuorumOptions.DEFAULT
            .withR(Level.of((int) scenario.whole(Field.R)))
            .withW(Level.of((int) scenario.whole(Field.W)))
            .withSloppy(scenario.on(Field.SLOPPY) ? Choice.YES : Choice.NO);
    this.timeoutMillis = scenario.whole(Field.TIMEOUT);
    this.hops = new Hops(scenario, chance);
    this.origin = origin;
  }

  /// Operations that have not ended.
  int open() {
    return open;
  }

  QuorumMetrics metrics() {
    return metrics;
  }

  /// When a write was acknowledged last, in µs.
  long lastAcked() {
    return lastAcked;
  }

  void plan() {
    planNext(1, 0);
  }

  private void planNext(int n, double after) {
    double at = after + workload.gapMicros(n);
    if (at < run.timeMicros()) {
      world
          .agenda()
          .at(
              origin + (long) (at * 1000),
              () -> {
                begin(n);
                planNext(n + 1, at);
              });
    }
  }

  private void begin(int n) {
    LabOperation operation =
        new LabOperation(n, !workload.isRead(n), workload.key(n), workload.client(n), run.micros());
    operation.choice = workload.firstChoice(n, callable(operation).length);
    operations.add(operation);
    open++;
    int _ = recording.add(run.micros(), Type.BEGAN, 0, 0, 0, n, 0);
    Token token = token(operation.client, operation.key);
    operation.past = token.past();
    operation.seen = token.context();
    long back = hops.nanos(operation, 0, true);
    operation.backMicros = back / 1000;
    // The node answers by then, unless it stands still or the answer is late on its way.
    world
        .agenda()
        .after(
            (timeoutMillis + 1) * 1_000_000 + hops.nanos(operation, 0, false) + back,
            () -> timeOut(operation));
    call(operation, 0);
  }

  private int[] callable(LabOperation operation) {
    return scenario.text(Field.COORDINATOR).equals("owner")
        ? run.replicas().owners(operation.key)
        : allNodes();
  }

  /// Calls one node after the other until one is up.
  private void call(LabOperation operation, int tried) {
    int[] choices = callable(operation);
    if (tried == choices.length) {
      failed(operation, Result.FAILED, "no node took the call");
      return;
    }
    int node = choices[(operation.choice + tried) % choices.length];
    hop(
        hops.nanos(operation, tried, false),
        () -> {
          if (operation.result != Result.OPEN) {
            return;
          }
          if (!nodes.get(node).isUp()) {
            hop(hops.nanos(operation, tried, true), () -> call(operation, tried + 1));
            return;
          }
          operation.via = node;
          operation.reached = run.micros();
          if (!operation.write) {
            run.wire().readTaken(node, operation.id);
          }
          Request request = operation.write ? put(operation) : get(operation);
          boolean _ =
              world.request(nodes.get(node).id(), request, caller(operation, tried, request));
        });
  }

  /// Between a client and a node.
  private void hop(long nanos, Runnable what) {
    if (nanos == 0) {
      what.run();
    } else {
      world.agenda().after(nanos, what);
    }
  }

  private void timeOut(LabOperation operation) {
    if (operation.result == Result.OPEN) {
      failed(
          operation,
          operation.write ? Result.INDETERMINATE : Result.FAILED,
          "no answer within " + timeoutMillis + " ms");
    }
  }

  private int[] allNodes() {
    int[] all = new int[nodes.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    return all;
  }

  private Token token(int client, int key) {
    @Nullable Token[] row = tokens[client];
    @Nullable Token known = row == null ? null : row[key];
    return known == null ? new Token(CausalContext.EMPTY, Past.NOTHING) : known;
  }

  private void remember(LabOperation operation, CausalContext context, Past past) {
    if (tokens[operation.client] == null) {
      tokens[operation.client] = new Token[keys.size()];
    }
    tokens[operation.client][operation.key] = new Token(context, past);
  }

  private Request get(LabOperation operation) {
    return new Request.Get(
        keys.get(operation.key),
        options,
        timeoutMillis,
        scenario.text(Field.REPAIR).equals("blocking") ? Session.NEW : Session.NONE);
  }

  private Request put(LabOperation operation) {
    StringBuilder value = new StringBuilder("w").append(operation.id).append(' ');
    value.repeat('.', Math.max(0, (int) scenario.whole(Field.VALUE) - value.length()));
    return new Request.Put(
        keys.get(operation.key),
        Bytes.utf8(value.toString()),
        operation.seen,
        Condition.NONE,
        true,
        Lifetime.FOR_EVER,
        Bytes.utf8("w" + operation.id),
        options,
        timeoutMillis);
  }

  private World.Client caller(LabOperation operation, int tried, Request request) {
    long back = hops.nanos(operation, tried, true);
    return new World.Client() {
      @Override
      public void answered(Outcome outcome) {
        hop(
            back,
            () -> {
              if (operation.result == Result.OPEN) {
                metrics.ended(request, outcome, operation.began * 1000, run.micros() * 1000);
                Clients.this.answered(operation, outcome);
              }
            });
      }

      @Override
      public void connectionLost() {
        hop(
            back,
            () -> {
              if (operation.result == Result.OPEN) {
                failed(
                    operation,
                    operation.write ? Result.INDETERMINATE : Result.FAILED,
                    "the node that was called went down");
              }
            });
      }
    };
  }

  private void failed(LabOperation operation, Result result, String reason) {
    operation.reason = reason;
    if (!operation.write) {
      metrics.readFailed();
    } else if (result == Result.FAILED) {
      metrics.writeRejected(run.micros() * 1000);
    } else {
      metrics.writeIndeterminate(run.micros() * 1000);
    }
    ended(operation, result);
  }

  private void answered(LabOperation operation, Outcome outcome) {
    switch (outcome) {
      case Outcome.Found(KeyRecord record, Receipt receipt) ->
          found(operation, Wire.ids(record), record.context(), receipt);
      case Outcome.NotFound(CausalContext context, Receipt receipt) ->
          found(operation, new int[0], context, receipt);
      case Outcome.Applied(KeyRecord record, Receipt receipt, long _) -> {
        counted(operation, receipt);
        ended(operation, Result.OK);
        lastAcked = run.micros();
        ledger.acked(operation);
        remember(
            operation,
            record.context(),
            ledger.past(Wire.ids(record)).join(operation.past).with(operation.ordinal));
      }
      case Outcome.Rejected rejected -> {
        operation.reason = rejected.reason().detail();
        ended(operation, Result.FAILED);
      }
      case Outcome.Indeterminate unknown -> {
        operation.reason = unknown.reason().detail();
        ended(operation, Result.INDETERMINATE);
      }
    }
  }

  private void found(LabOperation read, int[] versions, CausalContext context, Receipt receipt) {
    counted(read, receipt);
    read.versions = versions;
    ledger.judge(read, context);
    if (read.verdict != LabOperation.Verdict.UNKNOWN) {
      metrics.staleReads().sampled(run.micros() * 1000, read.verdict == LabOperation.Verdict.STALE);
    }
    remember(read, context, ledger.past(versions));
    ended(read, Result.OK);
  }

  private static void counted(LabOperation operation, Receipt receipt) {
    int count = receipt.answers().size();
    operation.counted = new int[count];
    operation.asOwner = new boolean[count];
    for (int i = 0; i < count; i++) {
      operation.counted[i] = Wire.number(receipt.answers().get(i).node());
      operation.asOwner[i] = receipt.answers().get(i).primary();
    }
  }

  private void ended(LabOperation operation, Result result) {
    operation.result = result;
    operation.ended = run.micros();
    open--;
    run.wire().readOver(operation.id);
    series.ended(operation);
    int _ = recording.add(run.micros(), Type.ENDED, 0, 0, 0, operation.id, 0);
  }
}
