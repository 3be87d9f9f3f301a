// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.handoff.HintLedger;
import dev.coterie.core.membership.FailureDetector;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.Request;
import dev.coterie.core.node.Node;
import dev.coterie.core.node.NodeView;
import dev.coterie.core.node.PaceFigures;
import dev.coterie.core.node.RoundTrips;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.core.ring.Member;
import dev.coterie.host.metric.AuditFigures;
import dev.coterie.host.metric.ClockFigures;
import dev.coterie.host.metric.DiskFigures;
import dev.coterie.host.metric.ExpiryFigures;
import dev.coterie.host.metric.NodeMetrics;
import dev.coterie.host.metric.QuorumMetrics;
import dev.coterie.host.metric.QuorumSnapshot;
import dev.coterie.host.service.NodeService;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.host.service.Standing;
import dev.coterie.server.dashboard.Peers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The node as its listeners see it, whatever boot it is in. Between two boots every request is
/// rejected: nothing was applied.
final class ServingNode implements NodeService, Peers {
  private final NodeSetup setup;
  private final List<QuorumMetrics> metrics;
  private final Happenings happenings;
  private final GcPauses pauses;
  private volatile @Nullable NodeBoot current;
  private volatile long boot;
  private volatile long sinceMillis;
  private volatile NodeStatus.State between = NodeStatus.State.STARTING;
  private volatile String betweenSentence = "opening the store";

  ServingNode(
      NodeSetup setup, List<QuorumMetrics> metrics, Happenings happenings, GcPauses pauses) {
    this.setup = setup;
    this.metrics = metrics;
    this.happenings = happenings;
    this.pauses = pauses;
  }

  /// From here on `boot` serves.
  void serve(NodeBoot next) {
    boot = next.boot();
    happenings.bootBegan();
    sinceMillis = System.currentTimeMillis();
    current = next;
  }

  /// No boot serves.
  ///
  /// @param sentence why, for clients and operators
  void pause(NodeStatus.State state, String sentence) {
    between = state;
    betweenSentence = sentence;
    current = null;
  }

  @Override
  public NodeId self() {
    return setup.self();
  }

  private Reason notServing() {
    Reason.Code code =
        between == NodeStatus.State.NO_WRITES ? Reason.Code.STORE_FAILED : Reason.Code.NOT_READY;
    return new Reason(code, 0, 0, betweenSentence);
  }

  @Override
  public void submit(Request request, Consumer<Outcome> reply) {
    NodeBoot now = current;
    if (now == null) {
      Receipt receipt =
          new Receipt(0, List.of(), 0, 0, setup.placement().epoch(), setup.self(), false);
      reply.accept(new Outcome.Rejected(notServing(), receipt));
    } else {
      now.submit(request, reply);
    }
  }

  @Override
  public void turnedAway(boolean write) {
    happenings.turnedAway().add(write, setup.nanos().getAsLong());
  }

  @Override
  public BucketProperties properties(BucketId bucket) {
    NodeBoot now = current;
    return now == null ? BucketProperties.DEFAULT : now.properties(bucket);
  }

  @Override
  public void setProperties(
      BucketId bucket, BucketProperties wanted, Consumer<PropertiesOutcome> reply) {
    NodeBoot now = current;
    if (now == null) {
      reply.accept(new PropertiesOutcome.Refused(notServing()));
    } else {
      now.setProperties(bucket, wanted, reply);
    }
  }

  @Override
  public void explain(ObjectKey key, boolean values, Consumer<ExplainOutcome> reply) {
    NodeBoot now = current;
    if (now == null) {
      reply.accept(new ExplainOutcome.Refused(notServing()));
    } else {
      now.explain(key, values, reply);
    }
  }

  @Override
  public List<List<NodeId>> owners(int n) {
    List<List<NodeId>> owners = new ArrayList<>();
    for (int partition = 0; partition < setup.placement().ring().partitions(); partition++) {
      owners.add(setup.placement().ownersOf(n, partition));
    }
    return owners;
  }

  @Override
  public List<NodeId> connected() {
    NodeBoot now = current;
    return now == null ? List.of() : now.connected();
  }

  @Override
  public boolean report(NodeId to, Bytes report) {
    NodeBoot now = current;
    return now != null && now.report(to, report);
  }

  private Standing standing(@Nullable NodeBoot now, NodeView view, boolean unsure) {
    return new Standing(
        sinceMillis,
        setup.shards(),
        unsure,
        setup.core().exchange().clocks(),
        view,
        now == null ? List.of() : levels(now),
        happenings.sent(),
        happenings.exchanged(),
        happenings.reaped(),
        happenings.alarms());
  }

  private List<Standing.Levels> levels(NodeBoot now) {
    Map<List<Integer>, Standing.Levels> levels = new LinkedHashMap<>();
    count(levels, BucketProperties.DEFAULT, 0);
    for (BucketProperties properties : now.allProperties()) {
      count(levels, properties, 1);
    }
    return List.copyOf(levels.values());
  }

  private void count(
      Map<List<Integer>, Standing.Levels> levels, BucketProperties bucket, int buckets) {
    int machines = setup.placement().machineCount();
    if (QuorumSpec.resolve(bucket, QuorumOptions.DEFAULT, machines)
        instanceof QuorumSpec.Resolution.Valid(QuorumSpec spec)) {
      boolean sloppy = spec.sloppy() && spec.pw() == 0;
      levels.merge(
          List.of(bucket.n(), spec.r(), spec.w()),
          new Standing.Levels(bucket.n(), spec.r(), spec.w(), buckets, sloppy),
          Standing.Levels::plus);
    }
  }

  @Override
  public NodeStatus status() {
    NodeBoot now = current;
    List<ShardLoop.Status> shards = now == null ? List.of() : now.shardStatus();
    NodeStatus.State state = now == null ? between : stateOf(shards);
    int groups = 0;
    int rebuilding = 0;
    int inFlight = 0;
    boolean unsure = false;
    NodeView view = NodeView.EMPTY;
    for (ShardLoop.Status shard : shards) {
      groups += shard.groups();
      rebuilding += shard.votelessCopies();
      inFlight += shard.inFlight();
      unsure |= shard.unsure();
      view = view.plus(shard.view());
    }
    return new NodeStatus(
        state,
        now == null ? betweenSentence : sentence(state, rebuilding, unsure),
        boot,
        setup.placement().epoch(),
        setup.placement().fingerprint(),
        setup.placement().ring().partitions(),
        setup.placement().machineCount(),
        members(now),
        groups,
        rebuilding,
        inFlight,
        happenings.damagedReads(),
        happenings.lastAlarms(),
        hints(shards, setup.nanos().getAsLong(), setup.wallMillis().getAsLong()),
        standing(now, view, unsure));
  }

  /// What all shards hold together.
  private static List<NodeStatus.HeldHints> hints(
      List<ShardLoop.Status> shards, long now, long wallMillis) {
    SortedMap<NodeId, NodeStatus.HeldHints> held = new TreeMap<>();
    for (ShardLoop.Status shard : shards) {
      for (HintLedger.Sum sum : shard.hints()) {
        long millis = sum.ageMillis(now, wallMillis);
        held.merge(
            sum.owner(),
            new NodeStatus.HeldHints(sum.owner(), sum.hints(), sum.bytes(), millis),
            (a, b) ->
                new NodeStatus.HeldHints(
                    a.owner(),
                    a.hints() + b.hints(),
                    a.bytes() + b.bytes(),
                    Math.max(a.oldestMillis(), b.oldestMillis())));
      }
    }
    return new ArrayList<>(held.values());
  }

  private static NodeStatus.State stateOf(List<ShardLoop.Status> shards) {
    NodeStatus.State state = NodeStatus.State.SERVING;
    for (ShardLoop.Status shard : shards) {
      if (shard.stopped() || shard.state() == Node.State.FAILED) {
        return NodeStatus.State.NO_WRITES;
      }
      if (shard.state() != Node.State.SERVING) {
        state = NodeStatus.State.STARTING;
      }
    }
    return state;
  }

  private static String sentence(NodeStatus.State state, int rebuilding, boolean unsure) {
    return switch (state) {
      case STARTING -> "asking the other members for the properties of buckets";
      case NO_WRITES -> "the disk failed; the store is being opened again";
      case STOPPING -> "stopping";
      case SERVING -> {
        if (rebuilding > 0) {
          yield "serving; "
              + rebuilding
              + " groups are being copied from their other owners and do not vote until then";
        }
        yield unsure
            ? "serving; its copies do not vote until the members that can be reached have confirmed"
                + " that its store holds what they know of it"
            : "serving";
      }
    };
  }

  private List<NodeStatus.MemberStatus> members(@Nullable NodeBoot now) {
    List<NodeId> connected = now == null ? List.of() : now.connected();
    List<NodeStatus.MemberStatus> members = new ArrayList<>();
    for (Member member : setup.placement().members()) {
      boolean self = member.id().equals(setup.self());
      members.add(
          new NodeStatus.MemberStatus(
              member.id(),
              member.machine(),
              self || connected.contains(member.id()),
              now == null ? "" : now.refusalOf(member.id()),
              sight(now, member.id())));
    }
    return members;
  }

  private static PaceFigures pace(@Nullable NodeBoot now) {
    PaceFigures sum = PaceFigures.NONE;
    for (ShardLoop.Status shard : now == null ? List.<ShardLoop.Status>of() : now.shardStatus()) {
      sum = sum.plus(shard.pace());
    }
    return sum;
  }

  private static RoundTrips.Figures roundTrips(@Nullable NodeBoot now) {
    RoundTrips.Figures sum = RoundTrips.Figures.NONE;
    for (ShardLoop.Status shard : now == null ? List.<ShardLoop.Status>of() : now.shardStatus()) {
      sum = sum.plus(shard.roundTrips());
    }
    return sum;
  }

  private ExpiryFigures expiry(@Nullable NodeBoot now) {
    long ahead = 0;
    for (ShardLoop.Status shard : now == null ? List.<ShardLoop.Status>of() : now.shardStatus()) {
      ahead += shard.expiring();
    }
    return new ExpiryFigures(happenings.expiredReaped(), ahead);
  }

  private NodeStatus.Sight sight(@Nullable NodeBoot now, NodeId member) {
    if (now != null) {
      for (MemberView view : now.shardStatus().getFirst().members()) {
        if (view.node().equals(member)) {
          long nanos = setup.nanos().getAsLong();
          return new NodeStatus.Sight(
              view.status().name().toLowerCase(Locale.ROOT),
              view.incarnation().toString(),
              TimeUnit.NANOSECONDS.toMillis(nanos - view.sinceNanos()),
              view.heardNanos() < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(nanos - view.heardNanos()),
              view.slow(),
              view.slowPercent(),
              view.why());
        }
      }
    }
    return NodeStatus.Sight.UNKNOWN;
  }

  NodeMetrics figures() {
    NodeBoot now = current;
    long nanos = setup.nanos().getAsLong();
    QuorumSnapshot all = happenings.turnedAway().snapshot(nanos);
    for (QuorumMetrics shard : metrics) {
      all = all.join(shard.snapshot(nanos));
    }
    return new NodeMetrics(
        all,
        now == null ? 0 : now.disk().store().latestSequence(),
        now == null ? 0 : now.syncedSequence(),
        now == null ? 0 : now.syncs(),
        now == null ? 0 : now.queuedBytes(),
        happenings.repairs(),
        happenings.alarms(),
        happenings.reads(),
        expiry(now),
        now == null ? FailureDetector.Figures.NONE : now.shardStatus().getFirst().detector(),
        happenings.hints(),
        audits(now, nanos),
        happenings.lastWrites(),
        pace(now),
        roundTrips(now),
        disk(now, nanos),
        now == null
            ? ClockFigures.NONE
            : ClockFigures.of(
                now.shardStatus().getFirst().clocks(), nanos, setup.wallMillis().getAsLong()),
        pauses.figures());
  }

  private DiskFigures disk(@Nullable NodeBoot now, long nanos) {
    long total = setup.dataFolder().getTotalSpace();
    return new DiskFigures(
        now == null ? DiskFigures.NONE.syncs() : now.syncTimes().all(),
        now == null ? DiskFigures.NONE.recentSyncs() : now.syncTimes().recent(nanos),
        total == 0 ? -1 : setup.dataFolder().getUsableSpace(),
        total == 0 ? -1 : total);
  }

  private AuditFigures audits(@Nullable NodeBoot now, long nanos) {
    long oldest = Long.MAX_VALUE;
    long never = 0;
    for (ShardLoop.Status shard : now == null ? List.<ShardLoop.Status>of() : now.shardStatus()) {
      if (shard.groups() > 0) {
        oldest = Math.min(oldest, shard.oldestAuditNanos());
      }
      for (long age : shard.view().auditAges().values()) {
        never += age == NodeView.NEVER ? 1 : 0;
      }
    }
    boolean all = oldest > 0 && oldest < Long.MAX_VALUE;
    return new AuditFigures(
        happenings.audits(),
        happenings.auditKeys(),
        happenings.treeBytes(),
        all ? TimeUnit.NANOSECONDS.toSeconds(nanos - oldest) : -1,
        never);
  }
}
