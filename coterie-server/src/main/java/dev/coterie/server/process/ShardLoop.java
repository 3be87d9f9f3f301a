// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.codec.content.ObjectContent;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.core.handoff.HintLedger;
import dev.coterie.core.membership.FailureDetector;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.PeerClocks;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Request;
import dev.coterie.core.node.Event;
import dev.coterie.core.node.Node;
import dev.coterie.core.node.NodeView;
import dev.coterie.core.node.Observation;
import dev.coterie.core.node.PaceFigures;
import dev.coterie.core.node.RoundTrips;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.host.driver.NodeDriver;
import dev.coterie.host.metric.QuorumMetrics;
import dev.coterie.host.service.NodeService.ExplainOutcome;
import dev.coterie.host.service.NodeService.PropertiesOutcome;
import dev.coterie.host.store.StoreException;
import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One shard of a boot on its event loop. What comes from outside is posted to an inbox that holds
/// at most [#INBOX_MAX] client requests and messages together: a request above that is rejected, a
/// message dropped as the network may drop it, and both are counted. What the shard itself is owed
/// (a finished sync, a peer's coming and going) is always taken.
final class ShardLoop implements NodeDriver.Host {
  static final int INBOX_MAX = 65_536;
  private static final int TAKEN_AT_ONCE = 4_096;
  private static final long STATUS_MILLIS = 200;

  /// How often every group is looked at for operators.
  private static final long VIEW_NANOS = 1_000_000_000L;

  /// What a shard needs of its boot. Called on the shard's loop.
  interface Boot {
    long now();

    /// What the wall clock reads, in ms since 1970.
    long wallMillis();

    void observed(Observation what);

    void syncWanted(int shard, long batch);

    void propertiesChanged(int shard, PropertiesEntry entry);

    void propertiesKnown();

    void livenessChanged(MemberView view);

    void clocksMeasured(PeerClocks.Range most);

    void memberMissed(NodeId node);

    void storeFailed(StoreException cause);

    /// The shard itself is at fault: an invariant does not hold. It does nothing more.
    void broken(int shard, Throwable fault);

    /// A request that this node answers without its core.
    Outcome notServed(Reason.Code code, String sentence);

    /// `request` was refused because the inbox is full. From any thread.
    void turnedAway(Request request);
  }

  /// How the shard stands, for operators; up to [#STATUS_MILLIS] old.
  record Status(
      Node.State state,
      boolean unsure,
      int groups,
      int copiesLeft,
      int votelessCopies,
      int inFlight,
      int expiring,
      boolean stopped,
      List<MemberView> members,
      FailureDetector.Figures detector,
      List<HintLedger.Sum> hints,
      long oldestAuditNanos,
      NodeView view,
      PaceFigures pace,
      RoundTrips.Figures roundTrips,
      PeerClocks.Range clocks) {
    static final Status NEW = blank(Node.State.NEW, true, false);
    static final Status ENDED = blank(Node.State.FAILED, false, true);

    private static Status blank(Node.State state, boolean unsure, boolean stopped) {
      return new Status(
          state,
          unsure,
          0,
          0,
          0,
          0,
          0,
          stopped,
          List.of(),
          FailureDetector.Figures.NONE,
          List.of(),
          0,
          NodeView.EMPTY,
          PaceFigures.NONE,
          RoundTrips.Figures.NONE,
          PeerClocks.Range.UNKNOWN);
    }
  }

  private record Waiting(Request request, Consumer<Outcome> reply, long startedNanos) {}

  private final int shard;
  private final EventLoop loop;
  private final Boot boot;
  private final QuorumMetrics metrics;
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicBoolean planned = new AtomicBoolean();
  private final AtomicLong messagesDropped = new AtomicLong();
  private volatile Status status = Status.NEW;
  private volatile boolean stopped;

  // From here on: the loop's alone.
  private @Nullable NodeDriver driver;
  private final LongObjectMap<Waiting> clients = new LongObjectHashMap<>();
  private final LongObjectMap<Consumer<PropertiesOutcome>> propertyClients =
      new LongObjectHashMap<>();
  private final LongObjectMap<Consumer<ExplainOutcome>> explainClients = new LongObjectHashMap<>();
  private long requests;
  private long viewedNanos = Long.MIN_VALUE;
  private long wakeAt = Long.MAX_VALUE;

  ShardLoop(int shard, EventLoop loop, Boot boot, QuorumMetrics metrics) {
    this.shard = shard;
    this.loop = loop;
    this.boot = boot;
    this.metrics = metrics;
  }

  Status status() {
    return status;
  }

  /// Messages from peers that found the inbox full.
  long messagesDropped() {
    return messagesDropped.get();
  }

  /// Starts the shard. What was posted before is taken then.
  void begin(Function<NodeDriver.Host, NodeDriver> makeDriver, Event.Started started) {
    loop.execute(
        () ->
            guarded(
                () -> {
                  NodeDriver made = makeDriver.apply(this);
                  driver = made;
                  made.enqueue(started);
                  drain();
                  publishRegularly();
                }));
  }

  /// Ends the shard: whoever still waits here is told that its outcome is unknown.
  ///
  /// @param sentence why, for those who wait
  void end(String sentence) {
    stopped = true;
    loop.submit(
            () -> {
              abandonClients(sentence);
              driver = null;
              inbox.clear();
              status = Status.ENDED;
            })
        .awaitUninterruptibly();
  }

  private void abandonClients(String sentence) {
    List<Waiting> left = new ArrayList<>(clients.values());
    clients.clear();
    for (Waiting each : left) {
      Outcome rejected = boot.notServed(Reason.Code.COORDINATOR_LOST, sentence);
      boolean read = each.request instanceof Request.Get;
      if (!read && rejected instanceof Outcome.Rejected(Reason reason, var receipt)) {
        each.reply.accept(new Outcome.Indeterminate(reason, receipt));
      } else {
        each.reply.accept(rejected);
      }
    }
    List<Consumer<PropertiesOutcome>> asked = new ArrayList<>(propertyClients.values());
    propertyClients.clear();
    Reason lost =
        new Reason(
            Reason.Code.COORDINATOR_LOST, 0, 0, sentence + "; the change may have been made");
    asked.forEach(reply -> reply.accept(new PropertiesOutcome.Refused(lost)));
    List<Consumer<ExplainOutcome>> explaining = new ArrayList<>(explainClients.values());
    explainClients.clear();
    Reason ended = new Reason(Reason.Code.NOT_READY, 0, 0, sentence);
    explaining.forEach(reply -> reply.accept(new ExplainOutcome.Refused(ended)));
  }

  // From any thread

  void submit(Request request, Consumer<Outcome> reply) {
    long started = boot.now();
    boolean taken =
        !stopped
            && offer(
                () -> {
                  NodeDriver mine = driver;
                  if (mine == null || mine.hasFailed()) {
                    reply.accept(
                        boot.notServed(Reason.Code.STORE_FAILED, "the node reopens its disk"));
                    return;
                  }
                  long id = ++requests;
                  clients.put(id, new Waiting(request, reply, started));
                  mine.enqueue(new Event.ClientRequest(id, request, started));
                });
    if (!taken) {
      Reason.Code code = stopped ? Reason.Code.NOT_READY : Reason.Code.OVERLOAD;
      if (!stopped) {
        boot.turnedAway(request);
      }
      reply.accept(
          boot.notServed(
              code, stopped ? "the node is stopping" : "the inbox of the shard is full"));
    }
  }

  void setProperties(BucketId bucket, BucketProperties wanted, Consumer<PropertiesOutcome> reply) {
    boolean taken =
        !stopped
            && offer(
                () -> {
                  NodeDriver mine = driver;
                  if (mine == null || mine.hasFailed()) {
                    refuse(reply, Reason.Code.STORE_FAILED, "the node reopens its disk");
                    return;
                  }
                  long id = ++requests;
                  propertyClients.put(id, reply);
                  mine.enqueue(new Event.SetProperties(id, bucket, wanted));
                });
    if (!taken) {
      refuse(reply, Reason.Code.OVERLOAD, "the node is stopping or overloaded; try again");
    }
  }

  void explain(ObjectKey key, boolean values, Consumer<ExplainOutcome> reply) {
    boolean taken =
        !stopped
            && offer(
                () -> {
                  NodeDriver mine = driver;
                  if (mine == null || mine.hasFailed()) {
                    reply.accept(
                        new ExplainOutcome.Refused(
                            new Reason(
                                Reason.Code.STORE_FAILED, 0, 0, "the node reopens its disk")));
                    return;
                  }
                  long id = ++requests;
                  explainClients.put(id, reply);
                  mine.enqueue(new Event.ExplainKey(id, key, values));
                });
    if (!taken) {
      String sentence = "the node is stopping or overloaded; try again";
      reply.accept(new ExplainOutcome.Refused(new Reason(Reason.Code.OVERLOAD, 0, 0, sentence)));
    }
  }

  private static void refuse(Consumer<PropertiesOutcome> reply, Reason.Code code, String sentence) {
    reply.accept(new PropertiesOutcome.Refused(new Reason(code, 0, 0, sentence)));
  }

  /// A message from a peer.
  void delivered(Event.Delivered message) {
    if (!offer(() -> enqueue(message))) {
      messagesDropped.incrementAndGet();
    }
  }

  /// Something that must not be lost.
  void tell(Event event) {
    queued.incrementAndGet();
    inbox.add(() -> enqueue(event));
    plan();
  }

  /// The store failed outside the shard.
  void fail(StoreException cause) {
    queued.incrementAndGet();
    inbox.add(
        () -> {
          NodeDriver mine = driver;
          if (mine != null) {
            mine.fail(boot.now(), cause);
          }
        });
    plan();
  }

  private void enqueue(Event event) {
    NodeDriver mine = driver;
    if (mine != null) {
      mine.enqueue(event);
    }
  }

  private boolean offer(Runnable item) {
    if (queued.incrementAndGet() > INBOX_MAX) {
      queued.decrementAndGet();
      return false;
    }
    inbox.add(item);
    plan();
    return true;
  }

  private void plan() {
    if (planned.compareAndSet(false, true)) {
      loop.execute(() -> guarded(this::drain));
    }
  }

  // On the loop

  /// What a shard throws is its own fault, never a client's or a disk's: it would go on with half a
  /// step done. So it does nothing more, and the node ends.
  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error fault) {
      driver = null;
      stopped = true;
      status = Status.ENDED;
      boot.broken(shard, fault);
    }
  }

  private void drain() {
    planned.set(false);
    NodeDriver mine = driver;
    if (mine == null) {
      return;
    }
    int taken = 0;
    while (taken < TAKEN_AT_ONCE) {
      Runnable item = inbox.poll();
      if (item == null) {
        break;
      }
      taken++;
      item.run();
    }
    queued.addAndGet(-taken);
    mine.drain(boot.now(), boot.wallMillis());
    if (!inbox.isEmpty()) {
      plan();
    }
  }

  private void publishRegularly() {
    if (publish()) {
      var _ =
          loop.schedule(
              () -> guarded(this::publishRegularly), STATUS_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private boolean publish() {
    NodeDriver mine = driver;
    if (mine == null) {
      return false;
    }
    Node node = mine.node();
    NodeView view = status.view();
    long now = boot.now();
    if (viewedNanos == Long.MIN_VALUE || now - viewedNanos >= VIEW_NANOS) {
      viewedNanos = now;
      view = node.view();
    }
    status =
        new Status(
            node.state(),
            node.isUnsure(),
            node.groups(),
            node.copiesLeft(),
            node.votelessCopies(),
            node.inFlight(),
            node.expiriesWaiting(),
            mine.hasFailed(),
            node.members(),
            node.detectorFigures(),
            node.hints(),
            node.oldestAudit(),
            view,
            node.pace(),
            node.roundTrips(),
            node.clocks());
    return true;
  }

  @Override
  public void respond(long id, Outcome outcome) {
    Waiting client = clients.remove(id);
    if (client != null) {
      metrics.ended(client.request, outcome, client.startedNanos, boot.now());
      client.reply.accept(outcome);
    }
  }

  @Override
  public void observed(Observation what) {
    if (what instanceof Observation.StaleSample sample) {
      long now = boot.now();
      double begunMillis = boot.wallMillis() - (now - sample.begunAt()) / 1e6;
      metrics
          .staleReads()
          .sampled(now, sample.stale(), sample.spec(), begunMillis - writtenMillis(sample.held()));
    }
    if (what instanceof Observation.Serving) {
      boolean unused = publish();
    }
    boot.observed(what);
  }

  /// When the latest of these values was written, by the clock of the node that took it; not a
  /// number where there is none.
  private static double writtenMillis(KeyRecord held) {
    double latest = Double.NaN;
    for (Sibling sibling : held.siblings()) {
      if (ObjectContent.decode(sibling.value()) instanceof ObjectContent content
          && content.head().lastModifiedMillis() > 0) {
        double written = content.head().lastModifiedMillis();
        latest = Double.isNaN(latest) ? written : Math.max(latest, written);
      }
    }
    return latest;
  }

  /// The core asks anew after each tick, so of several wishes the earliest is enough.
  @Override
  public void wakeAt(long nanos) {
    if (nanos >= wakeAt) {
      return;
    }
    wakeAt = nanos;
    long delay = Math.max(0, nanos - boot.now());
    var _ =
        loop.schedule(
            () -> {
              if (wakeAt == nanos) {
                wakeAt = Long.MAX_VALUE;
                NodeDriver mine = driver;
                if (mine != null) {
                  guarded(
                      () -> {
                        mine.wake();
                        drain();
                      });
                }
              }
            },
            delay,
            TimeUnit.NANOSECONDS);
  }

  @Override
  public void syncWanted(long batch) {
    boot.syncWanted(shard, batch);
  }

  @Override
  public void propertiesChanged(PropertiesEntry entry) {
    boot.propertiesChanged(shard, entry);
  }

  @Override
  public void propertiesKnown() {
    boot.propertiesKnown();
  }

  @Override
  public void propertiesAnswered(long id, int told, int members) {
    Consumer<PropertiesOutcome> client = propertyClients.remove(id);
    if (client != null) {
      client.accept(new PropertiesOutcome.Set(told, members));
    }
  }

  @Override
  public void propertiesRefused(long id, Reason reason) {
    Consumer<PropertiesOutcome> client = propertyClients.remove(id);
    if (client != null) {
      client.accept(new PropertiesOutcome.Refused(reason));
    }
  }

  @Override
  public void clocksMeasured(PeerClocks.Range most) {
    boot.clocksMeasured(most);
  }

  @Override
  public void livenessChanged(MemberView view) {
    boot.livenessChanged(view);
  }

  @Override
  public void memberMissed(NodeId node) {
    boot.memberMissed(node);
  }

  @Override
  public void explained(long id, KeyReport report) {
    Consumer<ExplainOutcome> client = explainClients.remove(id);
    if (client != null) {
      client.accept(new ExplainOutcome.Explained(report));
    }
  }

  @Override
  public void notExplained(long id, Reason reason) {
    Consumer<ExplainOutcome> client = explainClients.remove(id);
    if (client != null) {
      client.accept(new ExplainOutcome.Refused(reason));
    }
  }

  @Override
  public void storeFailed(StoreException cause) {
    boot.storeFailed(cause);
  }
}
