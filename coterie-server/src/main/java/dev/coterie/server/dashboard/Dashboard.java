// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.host.metric.NodeMetrics;
import dev.coterie.host.service.NodeService;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.server.remote.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How the whole cluster stands, for whoever looks at this node's admin listener; and the part of
/// it that other nodes ask this one for. However many look, it is made at most once a second. Other
/// nodes are asked only while somebody looks. From any thread.
public final class Dashboard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dashboard.class);

  /// Streams at a time; one above that is refused.
  public static final int STREAMS_MAX = 16;

  private static final long SECOND = 1_000_000_000L;

  /// Somebody looks while the last look is not older.
  private static final long LOOKED_NANOS = 5 * SECOND;

  /// The first look after a while waits so long for the others to tell.
  private static final long COLD_MILLIS = 600;

  /// A peer is answered at most every so often.
  private static final long ANSWER_PAUSE_NANOS = SECOND / 4;

  private static final int SLICES_TOLD_MAX = 40;
  private static final int EVENTS_TOLD_MAX = 64;

  /// Reports and questions of others that wait; one above that is dropped.
  private static final int WAITING_MAX = 1024;

  /// What is shown, at one moment.
  ///
  /// @param state the document without the hour
  /// @param hour the charts' numbers
  /// @param version which hour that is: grows when something has come to it
  private record Made(long nanos, String state, String hour, long version) {}

  /// What is known, and the hour that goes with it.
  private record Known(Facts facts, long nanos, String hour, long version) {}

  private final NodeService node;
  private final Supplier<NodeMetrics> figures;
  private final Peers peers;
  private final EventLog log;
  private final Targets targets;
  private final String version;
  private final String http;
  private final LongSupplier nanos;
  private final LongSupplier wallMillis;
  private final ScheduledThreadPoolExecutor thread;
  private final Hour hour = new Hour();
  private final RecentTrips trips = new RecentTrips();
  private final Foretelling foretelling;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong slow = new AtomicLong();
  private final Object making = new Object();
  private volatile long lookedNanos;
  private volatile boolean looked;

  // Guarded by this.
  private final PeerReports reports = new PeerReports();
  private final ClusterHour clusterHour = new ClusterHour();
  private final TreeMap<String, Long> answered = new TreeMap<>();
  private long ownEvents;

  // Guarded by `making`.
  private @Nullable Made made;
  private final Remaining remaining = new Remaining();

  /// @param version of the program
  /// @param http where clients reach the node, as its configuration says
  /// @param nanos monotonic time
  public Dashboard(
      NodeService node,
      Supplier<NodeMetrics> figures,
      Peers peers,
      EventLog log,
      Targets targets,
      String version,
      String http,
      LongSupplier nanos,
      LongSupplier wallMillis) {
    this.node = node;
    this.figures = figures;
    this.peers = peers;
    this.log = log;
    this.targets = targets;
    this.version = version;
    this.http = http;
    this.nanos = nanos;
    this.wallMillis = wallMillis;
    this.foretelling = new Foretelling(nanos);
    this.thread =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("dashboard").unstarted(task));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Begins to keep the hour.
  public void start() {
    var _ = thread.scheduleAtFixedRate(() -> guarded(this::tick), 0, 1, TimeUnit.SECONDS);
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("the dashboard could not be kept", e);
    }
  }

  private void tick() {
    NodeMetrics counted = figures.get();
    hour.sample(nanos.getAsLong(), wallMillis.getAsLong(), counted.quorum());
    trips.sample(nanos.getAsLong(), counted.roundTrips());
    foretelling.own(() -> OwnReport.staleness(counted, trips));
    if (looked && nanos.getAsLong() - lookedNanos < LOOKED_NANOS) {
      ask();
    }
  }

  /// Stale reads of this node, as they were foretold some seconds ago; nothing where nobody had
  /// asked before. Returns at once.
  public List<ForecastFigures> forecast() {
    return foretelling.ownFigures();
  }

  private void ask() {
    List<NodeId> connected = peers.connected();
    Map<NodeId, Bytes> questions = new LinkedHashMap<>();
    synchronized (this) {
      long now = nanos.getAsLong();
      for (NodeId each : reports.next(connected, now, SECOND / 2)) {
        questions.put(each, reports.question(each, clusterHour, now));
      }
    }
    questions.forEach(
        (each, question) -> {
          if (!peers.report(each, question)) {
            synchronized (this) {
              reports.notAsked(each);
            }
          }
        });
  }

  /// `from` asks or tells. Returns at once.
  public void heard(NodeId from, Bytes report) {
    if (report.length() <= PeerReports.BYTES_MAX && thread.getQueue().size() < WAITING_MAX) {
      thread.execute(() -> guarded(() -> read(from, report)));
    }
  }

  private void read(NodeId from, Bytes report) {
    Object json;
    try {
      json = Json.read(new String(report.array(), StandardCharsets.UTF_8));
    } catch (Json.Malformed _) {
      return;
    }
    Object ask = Json.member(json, "ask");
    if (ask != null) {
      answer(from, ask);
    }
    Object tell = Json.member(json, "tell");
    if (tell != null) {
      synchronized (this) {
        reports.told(
            from.name(),
            tell,
            clusterHour,
            Slice.numberAt(wallMillis.getAsLong()),
            nanos.getAsLong());
        notifyAll();
      }
    }
  }

  private void answer(NodeId from, Object ask) {
    synchronized (this) {
      long now = nanos.getAsLong();
      Long before = answered.get(from.name());
      if (before != null && now - before < ANSWER_PAUSE_NANOS) {
        return;
      }
      answered.put(from.name(), now);
    }
    Map<String, @Nullable Object> tell = new LinkedHashMap<>();
    tell.put("report", ownReport(node.status()));
    List<@Nullable Object> slices = new ArrayList<>();
    for (Slice slice :
        hour.part(Json.whole(ask, "after"), Json.whole(ask, "before"), SLICES_TOLD_MAX)) {
      slices.add(slice.json());
    }
    tell.put("hour", slices);
    tell.put("events_since", log.since());
    boolean same = Json.whole(ask, "events_since") == log.since();
    tell.put("events", events(same ? Json.whole(ask, "events_after") : 0, EVENTS_TOLD_MAX));
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("tell", tell);
    boolean _ = peers.report(from, Bytes.of(Json.writeLine(json).getBytes(StandardCharsets.UTF_8)));
  }

  private List<@Nullable Object> events(long after, int most) {
    List<@Nullable Object> events = new ArrayList<>();
    for (EventLog.Happened one : log.after(after, most)) {
      events.add(PeerReports.json(one));
    }
    return events;
  }

  private Map<String, @Nullable Object> ownReport(NodeStatus status) {
    return OwnReport.of(node, status, figures.get(), hour, trips, version, http);
  }

  /// The whole document, with the hour.
  public String json() {
    Made now = made();
    return now.state.substring(0, now.state.length() - 1) + ",\"hour\":" + now.hour + "}";
  }

  private Made made() {
    boolean cold = !looked || nanos.getAsLong() - lookedNanos > LOOKED_NANOS;
    lookedNanos = nanos.getAsLong();
    looked = true;
    synchronized (making) {
      Made last = made;
      if (last != null && nanos.getAsLong() - last.nanos < SECOND) {
        return last;
      }
      if (cold) {
        ask();
        awaitAnswers();
      }
      Made now = make();
      made = now;
      return now;
    }
  }

  private synchronized void awaitAnswers() {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(COLD_MILLIS);
    try {
      while (reports.awaits(peers.connected()) && System.nanoTime() < until) {
        wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Made make() {
    Known known = known();
    Staleness seen = Staleness.of(known.facts.told().values());
    Staleness.Expected expected = foretelling.expected(seen, known.nanos);
    Debt debt = Debt.of(known.facts);
    Remaining.Left left = remaining.at(known.nanos, debt);
    Map<String, @Nullable Object> state = Overview.of(known.facts, debt, seen, expected, left);
    return new Made(known.nanos, Json.writeLine(state), known.hour, known.version);
  }

  private Known known() {
    NodeStatus status = node.status();
    String self = node.self().name();
    Object own;
    try {
      // One way for all reports: this node's own is read as the others' are.
      own = Json.read(Json.writeLine(ownReport(status)));
    } catch (Json.Malformed e) {
      throw new IllegalStateException("this node's own report", e);
    }
    TreeMap<String, String> members = new TreeMap<>();
    for (NodeStatus.MemberStatus member : status.members()) {
      members.put(member.node().name(), member.machine());
    }
    TreeSet<String> connected = new TreeSet<>();
    peers.connected().forEach(peer -> connected.add(peer.name()));
    SortedMap<Integer, List<List<String>>> owners = owners(own);
    synchronized (this) {
      long now = nanos.getAsLong();
      long wall = wallMillis.getAsLong();
      TreeMap<String, Object> told = new TreeMap<>();
      TreeMap<String, Long> ages = new TreeMap<>();
      for (String member : members.keySet()) {
        PeerReports.Told report = reports.of(member, now, PeerReports.ageNanos(members.size()));
        if (report != null && connected.contains(member)) {
          told.put(member, report.report());
          ages.put(member, TimeUnit.NANOSECONDS.toMillis(now - report.nanos()));
        }
      }
      told.put(self, own);
      ages.put(self, 0L);
      clusterHour.take(
          self,
          hour.part(clusterHour.after(self), clusterHour.before(self), Hour.SLICES),
          Slice.numberAt(wall));
      for (EventLog.Happened one : log.after(ownEvents, EVENTS_TOLD_MAX)) {
        reports.event(self, log.since(), PeerReports.json(one));
        ownEvents = one.sequence();
      }
      return new Known(
          Facts.of(self, members, told, ages, connected, owners, reports.events(), targets, wall),
          now,
          Json.writeLine(clusterHour.json()),
          clusterHour.version());
    }
  }

  /// The owners of each partition, for every n that some bucket has.
  private SortedMap<Integer, List<List<String>>> owners(@Nullable Object own) {
    TreeMap<Integer, List<List<String>>> owners = new TreeMap<>();
    for (Object level : Json.list(own, "levels")) {
      int n = (int) Json.whole(level, "n");
      owners.computeIfAbsent(
          n,
          copies -> {
            List<List<String>> rows = new ArrayList<>();
            for (List<NodeId> row : node.owners(copies)) {
              rows.add(row.stream().map(NodeId::name).toList());
            }
            return rows;
          });
    }
    return owners;
  }

  /// Takes a place for one more who follows; false where there is none. Each that was taken is
  /// given back by [#follow].
  public boolean admit() {
    if (open.incrementAndGet() <= STREAMS_MAX) {
      return true;
    }
    open.decrementAndGet();
    refuse();
    return false;
  }

  /// One that wanted to follow was turned away.
  public void refuse() {
    refused.incrementAndGet();
  }

  /// Tells `watcher` once a second how the cluster stands, until it goes or does not keep up.
  public void follow(Watcher watcher) {
    try {
      long told = -1;
      Watcher.Sent sent = Watcher.Sent.TAKEN;
      while (sent == Watcher.Sent.TAKEN && !thread.isShutdown()) {
        Made now = made();
        sent = watcher.tell("state", now.state);
        if (sent == Watcher.Sent.TAKEN && told != now.version) {
          told = now.version;
          sent = watcher.tell("hour", now.hour);
        }
        if (sent == Watcher.Sent.TAKEN) {
          Thread.sleep(1_000);
        }
      }
      if (sent == Watcher.Sent.SLOW) {
        slow.incrementAndGet();
        LOG.atInfo()
            .addKeyValue("event", "watcher_slow")
            .log("a reader of the dashboard did not keep up");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      open.decrementAndGet();
      watcher.end();
    }
  }

  public WatchFigures watchers() {
    return new WatchFigures(open.get(), refused.get(), slow.get());
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
