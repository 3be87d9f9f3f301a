// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.Request;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.oracle.Oracles;
import dev.coterie.sim.plan.Knowledge.Token;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What clients ask and are told. Every request stands in the history before it is sent, and every
/// answer is judged as it comes.
final class ClientSteps {
  private static final long TIMEOUT_MILLIS = 10_000;
  private static final int BYTES_MAX = 8_000_000;

  private final World world;
  private final Names names;
  private final Bucket bucket;
  private final History history;
  private final Oracles oracles;
  private final Consumer<String> print;
  private final Knowledge knowledge;
  private final TokenEdge edge;

  ClientSteps(
      World world,
      Names names,
      Bucket bucket,
      History history,
      Oracles oracles,
      Consumer<String> print) {
    this.world = world;
    this.names = names;
    this.bucket = bucket;
    this.history = history;
    this.oracles = oracles;
    this.print = print;
    this.knowledge = new Knowledge(world, history);
    this.edge = new TokenEdge(world);
  }

  private static String client(Step step) {
    return step.option("client", "c");
  }

  private Operation begin(Step step, Operation.Kind kind, QuorumOptions options, Token token)
      throws SyntaxException {
    ObjectKey key = Names.key(step);
    oracles.policy(key, bucket.n());
    Operation operation =
        new Operation(
            history.nextId(),
            kind,
            key,
            names.via(step),
            client(step),
            bucket.spec(options),
            bucket.n(),
            world.now(),
            token.known());
    if (step.option("session", "no").equals("yes")) {
      knowledge.inSession(operation);
    }
    history.add(operation);
    oracles.begun(operation);
    return operation;
  }

  /// `put` and `delete`.
  void write(Step step) throws SyntaxException {
    QuorumOptions options = new QuorumWords(step).options();
    ObjectKey key = Names.key(step);
    boolean delete = step.verb().equals("delete");
    ObjectKey given =
        step.option("ctx", "last").equals("foreign") ? knowledge.other(client(step), key) : key;
    Token token =
        switch (step.option("ctx", "last")) {
          case "last", "forged", "foreign" -> knowledge.last(client(step), given);
          case "old" -> knowledge.old(key);
          case "none" -> Knowledge.NOTHING;
          default -> throw new SyntaxException("ctx is last, old, none, foreign or forged");
        };
    Operation operation =
        begin(step, delete ? Operation.Kind.DELETE : Operation.Kind.PUT, options, token);
    CausalContext seen = edge.opened(step, operation, given, token.context(), print);
    if (seen == null) {
      return;
    }
    Bytes name = Bytes.utf8("w" + operation.id);
    Bytes value = value(step, operation);
    Condition condition =
        switch (step.option("if", "")) {
          case "" -> Condition.NONE;
          case "none-match" -> new Condition.IfNoneMatch();
          case "not-modified" -> new Condition.IfNotModified(seen);
          default -> throw new SyntaxException("if is none-match or not-modified");
        };
    operation.condition = step.option("if", "");
    long timeout = timeout(step, operation);
    Lifetime lifetime = lifetime(step, world.node(operation.via).wallMillis());
    operation.leavesLifeToBucket = lifetime instanceof Lifetime.OfBucket;
    operation.expiryMillis = lifetime instanceof Lifetime.Until(long millis) ? millis : 0;
    Request request =
        delete
            ? new Request.Delete(
                key, seen, condition, name, options, timeout, knowledge.session(operation))
            : new Request.Put(
                key,
                value,
                seen,
                condition,
                step.option("body", "no").equals("yes"),
                lifetime,
                name,
                options,
                timeout,
                knowledge.session(operation));
    send(
        operation,
        request,
        outcome -> {
          if (outcome instanceof Outcome.Applied(KeyRecord record, Receipt _, long _)) {
            knowledge.wrote(operation, record);
          }
        });
  }

  /// It names its write; `value` stands behind that, or so many `bytes` do.
  private static Bytes value(Step step, Operation operation) throws SyntaxException {
    String name = "w" + operation.id;
    long bytes = step.number("bytes", 0);
    if (bytes < 0 || bytes > BYTES_MAX) {
      throw new SyntaxException("bytes=" + bytes + " must be from 0 to " + BYTES_MAX);
    }
    if (bytes > 0) {
      return Bytes.utf8(name + " " + "x".repeat((int) bytes));
    }
    return Bytes.utf8(
        step.options().containsKey("value") ? name + " " + step.option("value", "") : name);
  }

  private static Lifetime lifetime(Step step, long wallMillis) throws SyntaxException {
    return switch (step.option("ttl", "default")) {
      case "default" -> Lifetime.OF_BUCKET;
      case "none" -> Lifetime.FOR_EVER;
      default -> Lifetime.until(wallMillis + step.span("ttl"));
    };
  }

  private static long timeout(Step step, Operation operation) throws SyntaxException {
    operation.timeoutMillis = step.number("timeout", TIMEOUT_MILLIS);
    return operation.timeoutMillis;
  }

  /// `get`.
  void read(Step step) throws SyntaxException {
    QuorumOptions options = new QuorumWords(step).options();
    ObjectKey key = Names.key(step);
    Operation operation = begin(step, Operation.Kind.GET, options, Knowledge.NOTHING);
    send(
        operation,
        new Request.Get(key, options, timeout(step, operation), knowledge.session(operation)),
        outcome -> {
          switch (outcome) {
            case Outcome.Found(KeyRecord record, Receipt _) ->
                knowledge.read(operation, record.context());
            case Outcome.NotFound(CausalContext context, Receipt _) ->
                knowledge.read(operation, context);
            case Outcome.Applied _, Outcome.Rejected _, Outcome.Indeterminate _ -> {}
          }
        });
  }

  private void send(Operation operation, Request request, Consumer<Outcome> then) {
    World.Client client =
        new World.Client() {
          @Override
          public void answered(Outcome outcome) {
            ClientSteps.this.answered(operation, outcome);
            then.accept(outcome);
          }

          @Override
          public void connectionLost() {
            operation.abandoned = true;
            print.accept(operation.client + ": connection lost, outcome unknown");
          }
        };
    if (!world.request(operation.via, request, client)) {
      operation.answered = true;
      operation.answeredAt = world.now();
      operation.result = Operation.Result.REJECTED;
      print.accept(operation.client + ": connection refused, " + operation.via + " is down");
    }
  }

  private void answered(Operation operation, Outcome outcome) {
    if (operation.answered) {
      oracles.answeredTwice(operation);
    }
    operation.answered = true;
    operation.answeredAt = world.now();
    operation.outcome = outcome;
    switch (outcome) {
      case Outcome.Found(KeyRecord record, Receipt _) -> {
        operation.result = Operation.Result.OK;
        operation.context = record.context();
        List<Integer> values = new ArrayList<>();
        for (Sibling sibling : record.siblings()) {
          values.add(History.idOf(sibling.value()));
        }
        operation.values = values;
      }
      case Outcome.NotFound(CausalContext context, Receipt _) -> {
        // A delete that found nothing has not been done, and nothing had to be.
        operation.result = operation.isWrite() ? Operation.Result.UNKNOWN : Operation.Result.OK;
        operation.context = context;
      }
      case Outcome.Applied(KeyRecord record, Receipt _, long _) -> {
        operation.result = Operation.Result.OK;
        operation.context = record.context();
      }
      case Outcome.Rejected _ -> operation.result = Operation.Result.REJECTED;
      case Outcome.Indeterminate _ -> operation.result = Operation.Result.UNKNOWN;
    }
    knowledge.answered(operation, outcome);
    print.accept(operation.client + ": " + OutcomeText.of(outcome));
    oracles.answered(operation);
  }
}
