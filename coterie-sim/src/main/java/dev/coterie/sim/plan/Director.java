// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.Session;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.Choice;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.sim.disk.CrashMode;
import dev.coterie.sim.disk.SimIdentity;
import dev.coterie.sim.disk.SimImage;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.oracle.Oracles;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.SimNetwork;
import dev.coterie.sim.world.SimNetwork.Held;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Carries out steps: what clients ask, and what is done to nodes, disks and links.
public final class Director {
  /// What a client knows of a key: the context it will send back, and the writes that it has really
  /// seen.
  private record Token(CausalContext context, BitSet known) {}

  private static final Token NOTHING = new Token(CausalContext.EMPTY, new BitSet());

  private final World world;
  private final History history;
  private final Oracles oracles;
  private final Consumer<String> print;
  private final Map<String, SortedMap<ObjectKey, Token>> clients = new LinkedHashMap<>();
  private final SortedMap<ObjectKey, Token> oldTokens = new TreeMap<>();
  private final SortedMap<NodeId, SimImage> images = new TreeMap<>();
  private final SortedMap<NodeId, SimIdentity.Image> identities = new TreeMap<>();
  private final SortedMap<String, Session> sessions = new TreeMap<>();
  private final SortedMap<String, BitSet> sessionsSeen = new TreeMap<>();
  private BucketProperties properties;
  private int faults;
  private final SortedMap<String, Integer> faultsByKind = new TreeMap<>();
  private final TokenEdge edge;

  /// @param print hears what a person would like to read: outcomes, views
  public Director(World world, int n, History history, Oracles oracles, Consumer<String> print) {
    this.world = world;
    this.properties = BucketProperties.DEFAULT.withN(n);
    this.history = history;
    this.oracles = oracles;
    this.print = print;
    this.edge = new TokenEdge(world);
  }

  /// Every key of a script lies in this bucket.
  public static final BucketId BUCKET = BucketId.untyped(Bytes.utf8("b"));

  /// Copies of each key, as they were last set.
  public int n() {
    return properties.n();
  }

  /// How many faults were injected, single messages not counted.
  public int faults() {
    return faults;
  }

  /// How many of them each verb has injected.
  public SortedMap<String, Integer> faultsByKind() {
    return new TreeMap<>(faultsByKind);
  }

  public void perform(Step step) throws SyntaxException {
    int before = faults;
    carryOut(step);
    if (faults > before) {
      faultsByKind.merge(step.verb(), faults - before, Integer::sum);
    }
  }

  private void carryOut(Step step) throws SyntaxException {
    switch (step.verb()) {
      case "put", "delete" -> write(step);
      case "get" -> read(step);
      case "crash" -> {
        faults++;
        node(step).crash(mode(step));
      }
      case "stop" -> node(step).stop();
      case "start", "restart" -> node(step).start();
      case "pause" -> {
        faults++;
        node(step).pause();
      }
      case "resume" -> node(step).resume();
      case "slow" -> {
        faults++;
        node(step).lag(step.number("by", 0) * 1_000_000L);
      }
      case "clock" -> {
        faults++;
        SimNode node = node(step);
        node.clock().step(world.now(), step.span("by"));
        if (step.options().containsKey("drift")) {
          node.clock().drift(world.now(), step.number("drift", 0));
        }
      }
      case "wipe" -> wipe(node(step));
      case "backup" -> {
        SimNode node = node(step);
        images.put(node.id(), node.disk().snapshot());
        identities.put(node.id(), node.identity().snapshot());
      }
      case "restore" -> restore(step);
      case "truncate" -> truncate(step);
      case "corrupt" -> {
        faults++;
        SimNode node = node(step);
        history.damaged(world.now(), node.id());
        node.stored().corrupt(key(step), n());
      }
      case "lose" -> {
        faults++;
        SimNode node = node(step);
        history.damagedSilently(world.now(), node.id());
        node.stored().loseSilently(key(step), n());
      }
      case "corrupt-hints" -> {
        faults++;
        SimNode node = node(step);
        history.damaged(world.now(), node.id());
        node.stored().corruptHints(key(step));
      }
      case "lose-identity" -> {
        faults++;
        SimNode node = node(step);
        history.damaged(world.now(), node.id());
        node.identity().lose();
      }
      case "lose-peers" -> {
        faults++;
        node(step).identity().remember(dev.coterie.host.transport.PeerMemory.EMPTY);
      }
      case "fail-sync" -> {
        faults++;
        SimNode node = node(step);
        node.disk().failNextSyncs(1, new dev.coterie.core.base.Prng(world.now()));
      }
      case "fail-write" -> {
        faults++;
        node(step).disk().failNextWrites(1);
      }
      case "fail-read" -> {
        faults++;
        node(step).disk().failNextReads((int) step.number("count", 1));
      }
      case "full" -> {
        faults++;
        node(step).disk().full(true);
      }
      case "free" -> node(step).disk().full(false);
      case "slow-sync" -> {
        if (step.words().isEmpty()) {
          world.slowSyncs(step.number("factor", 1));
        } else {
          faults++;
          node(step).slowSyncs(step.number("factor", 1));
        }
      }
      case "cut" -> cut(step);
      case "split" -> split(step);
      case "mend", "heal" -> mend(step);
      case "unhold" -> {
        for (Link link : links(step)) {
          world.network().unhold(link);
        }
      }
      case "hold" -> {
        for (Link link : links(step)) {
          world.network().hold(link, kind(step));
        }
      }
      case "deliver", "duplicate", "drop" -> byHand(step);
      case "resume-network" -> world.network().resume();
      case "properties" -> properties(step);
      default ->
          throw new SyntaxException(
              "unknown verb '" + step.verb() + "'; docs/simulation.md lists them");
    }
  }

  private SimNode node(Step step) throws SyntaxException {
    return world.node(nodeId(step.word(0)));
  }

  private NodeId nodeId(String name) throws SyntaxException {
    if (!NodeId.valid(name) || !world.placement().isMember(new NodeId(name))) {
      throw new SyntaxException("no node '" + name + "' in this cluster");
    }
    return new NodeId(name);
  }

  private static CrashMode mode(Step step) throws SyntaxException {
    return switch (step.option("keep", "prefix")) {
      case "none" -> CrashMode.DROP_ALL;
      case "prefix" -> CrashMode.KEEP_PREFIX;
      case "all" -> CrashMode.KEEP_ALL;
      default -> throw new SyntaxException("keep is none, prefix or all");
    };
  }

  private static ObjectKey key(Step step) {
    return new ObjectKey(BUCKET, Bytes.utf8(step.option("key", "k")));
  }

  // Disks

  private void wipe(SimNode node) {
    faults++;
    boolean up = node.isUp();
    node.crash(CrashMode.KEEP_ALL);
    history.damaged(world.now(), node.id());
    node.disk().wipe();
    node.identity().wipe();
    if (up) {
      node.start();
    }
  }

  private void restore(Step step) throws SyntaxException {
    SimNode node = node(step);
    NodeId source = nodeId(step.option("from", node.id().name()));
    SimImage image = images.get(source);
    SimIdentity.Image old = identities.get(source);
    if (image == null || old == null) {
      return;
    }
    faults++;
    boolean up = node.isUp();
    node.crash(CrashMode.KEEP_ALL);
    history.damaged(world.now(), node.id());
    node.disk().restore(image);
    if (step.option("identity", "old").equals("old")) {
      node.identity().restore(old);
    }
    if (up) {
      node.start();
    }
  }

  /// Cuts the write-ahead log short, the identity file stays: F04.
  private void truncate(Step step) throws SyntaxException {
    SimNode node = node(step);
    faults++;
    boolean up = node.isUp();
    node.crash(CrashMode.KEEP_ALL);
    history.damaged(world.now(), node.id());
    long keep = Math.max(0, node.disk().latestSequence() - step.number("by", 10));
    node.disk().truncateTo(keep);
    if (up) {
      node.start();
    }
  }

  // Links

  private List<Link> links(Step step) throws SyntaxException {
    List<Link> links = new ArrayList<>();
    List<String> words = step.words();
    if (words.size() == 2 && !words.get(0).contains("-") && !words.get(1).contains("-")) {
      words = List.of(words.get(0) + "--" + words.get(1));
    }
    for (String word : words) {
      boolean both = word.contains("--");
      String[] ends = word.split(both ? "--" : "->", -1);
      if (ends.length != 2) {
        throw new SyntaxException("'" + word + "' is no link such as a->b, a--b or 'a b'");
      }
      for (NodeId from : nodes(ends[0])) {
        for (NodeId to : nodes(ends[1])) {
          if (!from.equals(to)) {
            links.add(new Link(from, to));
            if (both) {
              links.add(new Link(to, from));
            }
          }
        }
      }
    }
    return links;
  }

  /// The nodes of a list with commas; `*` means all.
  List<NodeId> nodes(String names) throws SyntaxException {
    List<NodeId> nodes = new ArrayList<>();
    if (names.equals("*")) {
      for (SimNode node : world.nodes()) {
        nodes.add(node.id());
      }
      return nodes;
    }
    for (String name : names.split(",", -1)) {
      nodes.add(nodeId(name));
    }
    return nodes;
  }

  private void cut(Step step) throws SyntaxException {
    faults++;
    for (Link link : links(step)) {
      world.network().cut(link);
    }
  }

  private void mend(Step step) throws SyntaxException {
    if (step.words().isEmpty()) {
      world.network().mendAll();
    }
    for (Link link : links(step)) {
      world.network().mend(link);
    }
  }

  /// Which messages `kind=StoreReplica,RepairReplica` means; without it all but the failure
  /// detector's.
  private static Predicate<Bytes> kind(Step step) throws SyntaxException {
    if (!step.options().containsKey("kind")) {
      return message -> !SimNetwork.isProbe(message);
    }
    List<String> names = List.of(step.option("kind", "").split(",", -1));
    for (String name : names) {
      if (!MessageText.KINDS.contains(name)) {
        throw new SyntaxException(
            "no message is of kind '" + name + "'; there are " + MessageText.KINDS);
      }
    }
    return message -> names.contains(MessageText.kindOf(message));
  }

  /// `split a,b | c`: no link leads from one side to another.
  private void split(Step step) throws SyntaxException {
    faults++;
    List<List<NodeId>> sides = new ArrayList<>();
    for (String word : step.words()) {
      if (!word.equals("|")) {
        sides.add(nodes(word));
      }
    }
    for (List<NodeId> side : sides) {
      for (List<NodeId> other : sides) {
        if (side != other) {
          for (NodeId from : side) {
            for (NodeId to : other) {
              world.network().cut(new Link(from, to));
            }
          }
        }
      }
    }
  }

  /// `deliver a->b [kind=K] [nth=1] [all=1]`: a message that was held goes on its way (`duplicate`:
  /// and stays held too; `drop`: is lost).
  private void byHand(Step step) throws SyntaxException {
    List<Link> links = links(step);
    Predicate<Bytes> kind = kind(step);
    List<Held> held = world.network().held();
    long nth = step.number("nth", 1);
    boolean all = step.number("all", 0) == 1;
    int done = 0;
    for (int i = 0; i < held.size(); ) {
      if (!links.contains(held.get(i).link())
          || !kind.test(held.get(i).message())
          || (!all && --nth > 0)) {
        i++;
        continue;
      }
      done++;
      switch (step.verb()) {
        case "drop" -> world.network().drop(i);
        case "duplicate" -> {
          world.network().release(i, true);
          i++;
        }
        default -> world.network().release(i, false);
      }
      if (!all) {
        break;
      }
    }
    if (done == 0) {
      throw new SyntaxException("no such message is held on " + links);
    }
  }

  // Clients

  private QuorumOptions options(Step step) throws SyntaxException {
    return new QuorumOptions(
        Level.DEFAULT,
        level(step, "r"),
        level(step, "w"),
        level(step, "pr"),
        level(step, "pw"),
        level(step, "dw"),
        level(step, "node_confirms"),
        choice(step, "notfound_ok"),
        choice(step, "basic_quorum"),
        step.option("durability", "synced").equals("buffered")
            ? Durability.BUFFERED
            : Durability.SYNCED,
        step.options().containsKey("durability"),
        sloppy(step, Choice.DEFAULT));
  }

  private static Choice sloppy(Step step, Choice otherwise) throws SyntaxException {
    return switch (step.option("quorum", "")) {
      case "" -> otherwise;
      case "sloppy" -> Choice.YES;
      case "strict" -> Choice.NO;
      default -> throw new SyntaxException("quorum is strict or sloppy");
    };
  }

  private static Choice choice(Step step, String name) {
    return switch (step.option(name, "")) {
      case "true" -> Choice.YES;
      case "false" -> Choice.NO;
      default -> Choice.DEFAULT;
    };
  }

  private static Level level(Step step, String name) throws SyntaxException {
    Level level = Level.parse(step.option(name, "default"));
    if (level == null) {
      throw new SyntaxException(name + "=" + step.option(name, "") + " is no level");
    }
    return level;
  }

  private QuorumSpec spec(QuorumOptions options) throws SyntaxException {
    return switch (QuorumSpec.resolve(properties, options, world.placement().machineCount())) {
      case QuorumSpec.Resolution.Valid(QuorumSpec spec) -> spec;
      case QuorumSpec.Resolution.Invalid(String _, String sentence) ->
          throw new SyntaxException(sentence);
    };
  }

  private Operation begin(Step step, Operation.Kind kind, QuorumOptions options, Token token)
      throws SyntaxException {
    ObjectKey key = key(step);
    oracles.policy(key, n());
    Operation operation =
        new Operation(
            history.nextId(),
            kind,
            key,
            nodeId(step.option("via", world.nodes().getFirst().id().name())),
            step.option("client", "c"),
            spec(options),
            n(),
            world.now(),
            token.known());
    if (step.option("session", "no").equals("yes")) {
      BitSet seen = sessionsSeen.computeIfAbsent(operation.client, _ -> new BitSet());
      operation.session = (BitSet) seen.clone();
    }
    history.add(operation);
    return operation;
  }

  private void write(Step step) throws SyntaxException {
    QuorumOptions options = options(step);
    ObjectKey key = key(step);
    boolean delete = step.verb().equals("delete");
    SortedMap<ObjectKey, Token> tokens =
        clients.computeIfAbsent(step.option("client", "c"), name -> new TreeMap<>());
    ObjectKey given = step.option("ctx", "last").equals("foreign") ? other(tokens, key) : key;
    Token token =
        switch (step.option("ctx", "last")) {
          case "last", "forged", "foreign" -> tokens.getOrDefault(given, NOTHING);
          case "old" -> oldTokens.getOrDefault(key, NOTHING);
          case "none" -> NOTHING;
          default -> throw new SyntaxException("ctx is last, old, none, foreign or forged");
        };
    Operation operation =
        begin(step, delete ? Operation.Kind.DELETE : Operation.Kind.PUT, options, token);
    CausalContext seen = edge.opened(step, operation, given, token.context(), print);
    if (seen == null) {
      return;
    }
    Bytes name = Bytes.utf8("w" + operation.id);
    Bytes value =
        step.options().containsKey("value")
            ? Bytes.utf8("w" + operation.id + " " + step.option("value", ""))
            : name;
    Condition condition =
        switch (step.option("if", "")) {
          case "" -> Condition.NONE;
          case "none-match" -> new Condition.IfNoneMatch();
          case "not-modified" -> new Condition.IfNotModified(seen);
          default -> throw new SyntaxException("if is none-match or not-modified");
        };
    long timeout = step.number("timeout", 10_000);
    Lifetime lifetime = lifetime(step, world.node(operation.via).wallMillis());
    operation.leavesLifeToBucket = lifetime instanceof Lifetime.OfBucket;
    operation.expiryMillis = lifetime instanceof Lifetime.Until(long millis) ? millis : 0;
    Request request =
        delete
            ? new Request.Delete(key, seen, condition, name, options, timeout, session(operation))
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
                session(operation));
    send(
        operation,
        request,
        outcome -> {
          if (outcome instanceof Outcome.Applied(KeyRecord record, Receipt _, long _)) {
            BitSet known = (BitSet) operation.past.clone();
            known.set(operation.id);
            for (Sibling sibling : record.siblings()) {
              know(known, History.idOf(sibling.value()));
            }
            remember(tokens, key, new Token(record.context(), known));
          }
        });
  }

  private static Lifetime lifetime(Step step, long wallMillis) throws SyntaxException {
    return switch (step.option("ttl", "default")) {
      case "default" -> Lifetime.OF_BUCKET;
      case "none" -> Lifetime.FOR_EVER;
      default -> Lifetime.until(wallMillis + step.span("ttl"));
    };
  }

  /// Another key of which the client has a context, the last by name; `key` where there is none.
  private static ObjectKey other(SortedMap<ObjectKey, Token> tokens, ObjectKey key) {
    ObjectKey other = key;
    for (ObjectKey each : tokens.keySet()) {
      other = each.equals(key) ? other : each;
    }
    return other;
  }

  /// What the client's session says; it is not bound to a node.
  private Session session(Operation operation) {
    return operation.session == null
        ? Session.NONE
        : sessions.getOrDefault(operation.client, Session.NEW);
  }

  /// The client takes over what the answer has added to its session.
  private void remember(Operation operation, Outcome outcome) {
    if (operation.session == null) {
      return;
    }
    sessions.put(operation.client, session(operation).join(outcome.receipt().session()));
    BitSet seen = sessionsSeen.computeIfAbsent(operation.client, _ -> new BitSet());
    if (operation.isAcked()) {
      seen.set(operation.id);
      seen.or(operation.past);
    }
    for (int id : operation.values) {
      know(seen, id);
    }
  }

  private void know(BitSet known, int id) {
    Operation write = history.byId(id);
    if (write != null) {
      known.set(id);
      known.or(write.past);
    }
  }

  /// What the context covers and has expired by any clock was not shown: the client knows of it,
  /// and its next write replaces it.
  private void knowExpired(BitSet known, ObjectKey key, CausalContext context) {
    for (Operation write : history.writes(key)) {
      for (Dot dot : write.dots) {
        if (write.isExpired(world.latestWallMillis()) && context.contains(dot)) {
          know(known, write.id);
        }
      }
    }
  }

  private void remember(SortedMap<ObjectKey, Token> tokens, ObjectKey key, Token token) {
    tokens.put(key, token);
    oldTokens.putIfAbsent(key, token);
  }

  private void read(Step step) throws SyntaxException {
    QuorumOptions options = options(step);
    ObjectKey key = key(step);
    SortedMap<ObjectKey, Token> tokens =
        clients.computeIfAbsent(step.option("client", "c"), name -> new TreeMap<>());
    Operation operation = begin(step, Operation.Kind.GET, options, NOTHING);
    send(
        operation,
        new Request.Get(key, options, step.number("timeout", 10_000), session(operation)),
        outcome -> {
          switch (outcome) {
            case Outcome.Found(KeyRecord record, Receipt _) -> {
              BitSet known = new BitSet();
              for (int id : operation.values) {
                know(known, id);
              }
              knowExpired(known, key, record.context());
              remember(tokens, key, new Token(record.context(), known));
            }
            case Outcome.NotFound(CausalContext context, Receipt _) -> {
              BitSet known = new BitSet();
              knowExpired(known, key, context);
              remember(tokens, key, new Token(context, known));
            }
            case Outcome.Applied _, Outcome.Rejected _, Outcome.Indeterminate _ -> {}
          }
        });
  }

  private void send(Operation operation, Request request, Consumer<Outcome> then) {
    World.Client client =
        new World.Client() {
          @Override
          public void answered(Outcome outcome) {
            Director.this.answered(operation, outcome);
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
    remember(operation, outcome);
    print.accept(operation.client + ": " + OutcomeText.of(outcome));
    oracles.answered(operation);
  }

  // Buckets

  /// `properties via=a r=one w=all ...`: what is left out keeps its value.
  private void properties(Step step) throws SyntaxException {
    BucketProperties wanted =
        new BucketProperties(
            (int) step.number("n", properties.n()),
            level(step, "r", properties.r()),
            level(step, "w", properties.w()),
            level(step, "pr", properties.pr()),
            level(step, "pw", properties.pw()),
            level(step, "dw", properties.dw()),
            level(step, "node_confirms", properties.nodeConfirms()),
            Boolean.parseBoolean(
                step.option("notfound_ok", Boolean.toString(properties.notfoundOk()))),
            Boolean.parseBoolean(
                step.option("basic_quorum", Boolean.toString(properties.basicQuorum()))),
            properties.durability(),
            sloppy(step, Choice.DEFAULT).or(properties.sloppy()),
            step.options().containsKey("default_ttl")
                ? step.span("default_ttl") / 1000
                : properties.defaultTtlSeconds());
    world.setProperties(
        nodeId(step.option("via", world.nodes().getFirst().id().name())),
        BUCKET,
        wanted,
        (refusal, told, members) -> {
          if (refusal.isEmpty()) {
            properties = wanted;
          }
          print.accept(
              refusal.isEmpty()
                  ? "properties: durable on " + told + " of " + members + " members"
                  : "properties: refused, " + refusal);
        });
  }

  private static Level level(Step step, String name, Level otherwise) throws SyntaxException {
    return step.options().containsKey(name) ? level(step, name) : otherwise;
  }
}
