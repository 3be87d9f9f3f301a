// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.VersionTag;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.host.metric.AuditFigures;
import dev.coterie.host.metric.ExpiryFigures;
import dev.coterie.host.metric.HintCounts;
import dev.coterie.host.metric.LastWriteFigures;
import dev.coterie.host.metric.NodeMetrics;
import dev.coterie.host.metric.QuorumMetrics;
import dev.coterie.host.metric.ReadFigures;
import dev.coterie.host.metric.TurnedAway;
import dev.coterie.host.service.NodeService;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.host.service.Standing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A node that is one small map of records, with real causality: what the listeners are tested
/// against. Can hold its replies back, answer with any outcome, and tells what it was asked.
final class MemoryNode implements NodeService {
  private static final NodeId SELF = new NodeId("n1");
  private static final ActorId ACTOR = new ActorId(SELF, 1, 0x5eedL, 0);

  private final Map<ObjectKey, KeyRecord> records = new TreeMap<>();
  private final Map<BucketId, BucketProperties> properties = new TreeMap<>();
  private final Deque<Runnable> held = new ArrayDeque<>();
  private final List<Request> asked = new ArrayList<>();
  private final TurnedAway turnedAway = new TurnedAway();
  private long counter;
  private boolean holding;
  private int copies = 3;
  private NodeStatus.State state = NodeStatus.State.SERVING;
  private Standing standing = Standing.NONE;
  private ExplainOutcome explained =
      new ExplainOutcome.Refused(new Reason(Reason.Code.OVERLOAD, 0, 0, "not now"));
  private final List<String> explainedKeys = new ArrayList<>();
  private @Nullable BiFunction<Request, Receipt, Outcome> instead;
  private @Nullable Reason refusesProperties;

  /// From now on every request is answered by `outcome`.
  synchronized void answer(BiFunction<Request, Receipt, Outcome> outcome) {
    instead = outcome;
  }

  /// From now on no properties are set.
  synchronized void refuseProperties(Reason reason) {
    refusesProperties = reason;
  }

  /// From now on every key has this many copies of a bucket's three.
  synchronized void copies(int now) {
    copies = now;
  }

  /// Keeps replies back until [#release].
  synchronized void hold() {
    holding = true;
  }

  /// From now on replies are given at once again.
  synchronized void answerAtOnce() {
    holding = false;
  }

  synchronized int heldCount() {
    return held.size();
  }

  /// Gives the `index`-th reply held back, on the calling thread.
  void release(int index) {
    Runnable reply;
    synchronized (this) {
      List<Runnable> all = new ArrayList<>(held);
      reply = all.remove(index);
      held.clear();
      held.addAll(all);
    }
    reply.run();
  }

  synchronized List<Request> asked() {
    return List.copyOf(asked);
  }

  synchronized @Nullable KeyRecord record(ObjectKey key) {
    return records.get(key);
  }

  @Override
  public NodeId self() {
    return SELF;
  }

  @Override
  public void submit(Request request, Consumer<Outcome> reply) {
    Outcome outcome;
    synchronized (this) {
      asked.add(request);
      BiFunction<Request, Receipt, Outcome> other = instead;
      outcome = other == null ? carryOut(request) : other.apply(request, receipt(2, false));
      if (holding) {
        held.add(() -> reply.accept(outcome));
        return;
      }
    }
    reply.accept(outcome);
  }

  @Override
  public void turnedAway(boolean write) {
    turnedAway.add(write, 0);
  }

  private Receipt receipt(int needed, boolean checked) {
    List<Receipt.Answer> answers =
        List.of(
            new Receipt.Answer(SELF, "m1", true, Durability.SYNCED),
            new Receipt.Answer(new NodeId("n2"), "m2", false, Durability.BUFFERED));
    return new Receipt(needed, answers, copies, 3, 1, SELF, checked);
  }

  private Outcome carryOut(Request request) {
    if (QuorumSpec.resolve(properties(request.key().bucket()), request.options(), 3)
        instanceof QuorumSpec.Resolution.Invalid(String _, String sentence)) {
      Reason reason = new Reason(Reason.Code.INVALID_QUORUM, 0, 0, sentence);
      return new Outcome.Rejected(reason, receipt(0, false));
    }
    KeyRecord now = records.getOrDefault(request.key(), KeyRecord.EMPTY);
    return switch (request) {
      case Request.Get _ ->
          now.siblings().isEmpty()
              ? new Outcome.NotFound(now.context(), receipt(2, false))
              : new Outcome.Found(now, receipt(2, false));
      case Request.Put put -> put(put, now);
      case Request.Delete delete -> delete(delete, now);
    };
  }

  private Outcome put(Request.Put asked, KeyRecord now) {
    Request.Put put = asked.in(properties(asked.key().bucket()), TestServer.NOW_MILLIS);
    Reason.Code refusal = refusal(put.condition(), now);
    boolean checked = !(put.condition() instanceof Condition.None);
    if (refusal != null) {
      return new Outcome.Rejected(new Reason(refusal, 0, 0, ""), receipt(2, checked));
    }
    Dot dot = new Dot(ACTOR, ++counter);
    long hash = new SipHash(1, 2).hash(put.value().array());
    Sibling sibling = new Sibling(dot, put.value(), hash, put.expiryMillis(), put.operation());
    KeyRecord after =
        now.written(put.context(), now.context().join(put.context()).minted(dot), sibling);
    records.put(put.key(), after);
    return new Outcome.Applied(
        put.returnBody() ? after : new KeyRecord(List.of(), after.context()),
        receipt(2, checked),
        put.expiryMillis());
  }

  private Outcome delete(Request.Delete delete, KeyRecord now) {
    Reason.Code refusal = refusal(delete.condition(), now);
    if (refusal != null) {
      return new Outcome.Rejected(new Reason(refusal, 0, 0, ""), receipt(2, true));
    }
    if (now.siblings().isEmpty()) {
      return new Outcome.NotFound(now.context(), receipt(2, false));
    }
    CausalContext seen = delete.context().isEmpty() ? now.context() : delete.context();
    Dot dot = new Dot(ACTOR, ++counter);
    KeyRecord after = now.written(seen, now.context().join(seen).minted(dot), null);
    records.put(delete.key(), after);
    return new Outcome.Applied(new KeyRecord(List.of(), after.context()), receipt(2, false));
  }

  private static Reason.@Nullable Code refusal(Condition condition, KeyRecord now) {
    boolean empty = now.siblings().isEmpty();
    return switch (condition) {
      case Condition.None _ -> null;
      case Condition.IfNoneMatch _ -> empty ? null : Reason.Code.MATCH_FOUND;
      case Condition.IfNotModified(CausalContext seen) -> {
        boolean fresh = now.dots().stream().allMatch(seen::contains);
        yield empty ? Reason.Code.NOTHING_FOUND : fresh ? null : Reason.Code.MODIFIED;
      }
      case Condition.IfMatchTags(List<Long> tags) -> {
        boolean match = tags.isEmpty() ? !empty : matches(now, tags);
        yield match ? null : Reason.Code.NOTHING_FOUND;
      }
      case Condition.IfNoneMatchTags(List<Long> tags) ->
          matches(now, tags) ? Reason.Code.MATCH_FOUND : null;
    };
  }

  private static boolean matches(KeyRecord now, List<Long> tags) {
    return now.dots().stream().anyMatch(dot -> tags.contains(VersionTag.of(dot)));
  }

  @Override
  public synchronized BucketProperties properties(BucketId bucket) {
    return properties.getOrDefault(bucket, BucketProperties.DEFAULT);
  }

  @Override
  public synchronized void setProperties(
      BucketId bucket, BucketProperties wanted, Consumer<PropertiesOutcome> reply) {
    String fault = wanted.fault();
    Reason refusal =
        fault.isEmpty() ? refusesProperties : new Reason(Reason.Code.BAD_REQUEST, 0, 0, fault);
    if (refusal != null) {
      reply.accept(new PropertiesOutcome.Refused(refusal));
      return;
    }
    properties.put(bucket, wanted);
    reply.accept(new PropertiesOutcome.Set(3, 3));
  }

  /// From now on this stands in the status.
  synchronized void standing(Standing now) {
    standing = now;
  }

  /// From now on questions about keys are answered so.
  synchronized void explains(ExplainOutcome now) {
    explained = now;
  }

  @Override
  public void explain(ObjectKey key, boolean values, Consumer<ExplainOutcome> reply) {
    ExplainOutcome outcome;
    synchronized (this) {
      explainedKeys.add(key + (values ? " with values" : ""));
      outcome = explained;
    }
    reply.accept(outcome);
  }

  synchronized List<String> explainedKeys() {
    return List.copyOf(explainedKeys);
  }

  @Override
  public List<List<NodeId>> owners(int n) {
    return List.of(List.of(SELF), List.of(SELF));
  }

  synchronized void state(NodeStatus.State now) {
    state = now;
  }

  /// One read of 3 ms that was stale, one write applied.
  NodeMetrics metrics() {
    QuorumMetrics quorum = new QuorumMetrics();
    quorum.readSucceeded(0, 3_000_000);
    quorum.writeApplied(0, 5_000_000);
    quorum.staleReads().sampled(0, true);
    return new NodeMetrics(
        quorum.snapshot(0).join(turnedAway.snapshot(0)),
        12,
        10,
        3,
        77,
        5,
        1,
        ReadFigures.NONE,
        ExpiryFigures.NONE,
        dev.coterie.core.membership.FailureDetector.Figures.NONE,
        new HintCounts(9, 1, 6, 2),
        AuditFigures.NONE,
        new LastWriteFigures(4, 7, List.of(new LastWriteFigures.OfBucket("sessions", 4, 7))),
        dev.coterie.core.node.PaceFigures.NONE,
        dev.coterie.core.node.RoundTrips.Figures.NONE,
        dev.coterie.host.metric.DiskFigures.NONE,
        dev.coterie.host.metric.ClockFigures.NONE,
        dev.coterie.host.metric.PauseFigures.NONE);
  }

  @Override
  public synchronized NodeStatus status() {
    return new NodeStatus(
        state,
        "serves",
        1,
        1,
        0xabc,
        8,
        1,
        List.of(new NodeStatus.MemberStatus(SELF, "m1", true, "", NodeStatus.Sight.UNKNOWN)),
        3,
        0,
        0,
        0,
        List.of(new NodeStatus.LastAlarm("DATA_LOST", "an alarm", 3, 61_000, true)),
        List.of(new NodeStatus.HeldHints(new NodeId("n2"), 3, 900, 61_000)),
        standing);
  }
}
