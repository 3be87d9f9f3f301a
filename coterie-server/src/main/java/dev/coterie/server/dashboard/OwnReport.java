// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.core.node.NodeView;
import dev.coterie.host.metric.LastWriteFigures;
import dev.coterie.host.metric.Latencies;
import dev.coterie.host.metric.NodeMetrics;
import dev.coterie.host.metric.SiblingCounts;
import dev.coterie.host.service.NodeService;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.host.service.Standing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a node tells of itself: its `/status` with what is counted, made short enough to be told to
/// each member of a large cluster every second. Of the members it names only those that it does not
/// see connected, alive and quick. Members of the object only grow.
final class OwnReport {
  private OwnReport() {}

  static Map<String, @Nullable Object> of(
      NodeService node,
      NodeStatus status,
      NodeMetrics figures,
      Hour hour,
      RecentTrips trips,
      String version,
      String http) {
    Standing standing = status.standing();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("node", node.self().name());
    json.put("version", version);
    json.put("http", http);
    json.put("state", status.state().name().toLowerCase(Locale.ROOT));
    json.put("sentence", status.sentence());
    json.put("boot", status.boot());
    json.put("since_ms", standing.sinceMillis());
    json.put("epoch", status.epoch());
    json.put("fingerprint", Long.toHexString(status.fingerprint()));
    json.put("partitions", status.partitions());
    json.put("machines", status.machines());
    json.put("unsure", standing.unsure());
    json.put("groups_owned", status.groupsOwned());
    json.put("groups_rebuilding", status.groupsRebuilding());
    json.put("in_flight", status.inFlight());
    json.put("damaged_reads", status.damagedReads());
    json.put("sees", sees(node, status));
    json.put("hints", hints(status));
    json.put("hints_refused", figures.hints().refused());
    json.put("clocks", standing.clocks());
    json.put("lag", lag(standing.view()));
    json.put("tombstones_waiting", standing.view().tombstones());
    Map<String, @Nullable Object> waits = new LinkedHashMap<>();
    standing.view().tombstonesFor().forEach((peer, count) -> waits.put(peer.name(), count));
    json.put("tombstones_waiting_for", waits);
    json.put("audits", audits(standing.view()));
    json.put("audit_keys", figures.audits().keys());
    json.put("repairs", figures.repairs());
    json.put("discarded", discarded(figures.lastWrites()));
    json.put("alarms", figures.alarms());
    json.put("alarm_kinds", alarms(status));
    json.put("levels", levels(standing));
    json.put("saturated", figures.pace().saturated());
    json.put("queue_bytes", figures.transportQueuedBytes());
    json.put("disk_free", figures.disk().freeBytes());
    json.put("disk_total", figures.disk().totalBytes());
    Latencies syncs = figures.disk().recentSyncs();
    json.put("syncs", syncs.count());
    json.put("sync_p99_ms", Figures.round(syncs.quantileMillis(0.99)));
    Latencies pauses = figures.pauses().lastHour();
    json.put("gc_p99_ms", Figures.round(pauses.quantileMillis(0.99)));
    json.put("gc_max_ms", Figures.round(figures.pauses().mostMillis()));
    json.put("gc_total_ms", Math.round(figures.pauses().all().sumMillis()));
    boolean compared = figures.clock().known();
    json.put("clock_ahead_ms", compared ? figures.clock().aheadMillis() : null);
    json.put("clock_unsure_ms", compared ? figures.clock().unsureMillis() : null);
    json.put("ten", totals(hour.last(10)));
    json.put("minute", totals(hour.last(60)));
    json.put("read_cells", Slice.json(figures.quorum().recentReads().cells()));
    json.put("write_cells", Slice.json(figures.quorum().recentWriteTimes().cells()));
    json.put("siblings", figures.quorum().siblingsMost());
    json.put("sibling_cells", siblings(figures.quorum().siblings()));
    json.put("sampled", figures.quorum().stale().recentSamples());
    json.put("stale", figures.quorum().stale().recentStale());
    json.putAll(staleness(figures, trips));
    return json;
  }

  /// What [Staleness] is made of.
  static Map<String, @Nullable Object> staleness(NodeMetrics figures, RecentTrips trips) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("stale_levels", Staleness.told(figures.quorum().staleLevels()));
    Map<String, @Nullable Object> took = new LinkedHashMap<>();
    took.put("read", Staleness.pairs(trips.reads()));
    took.put("write", Staleness.pairs(trips.writes()));
    json.put("trips", took);
    return json;
  }

  /// How many siblings and how many reads that returned so many, in turn.
  private static List<@Nullable Object> siblings(SiblingCounts counts) {
    List<@Nullable Object> pairs = new ArrayList<>();
    for (int i = 0; i < counts.reads().size(); i++) {
      if (counts.reads().get(i) > 0) {
        pairs.add(i);
        pairs.add(counts.reads().get(i));
      }
    }
    return pairs;
  }

  private static List<@Nullable Object> totals(Hour.Totals of) {
    List<@Nullable Object> all = new ArrayList<>();
    all.add(of.nanos() / 1_000_000);
    all.add(of.reads());
    all.add(of.readsFailed());
    all.add(of.applied());
    all.add(of.rejected());
    all.add(of.indeterminate());
    return all;
  }

  private static Map<String, @Nullable Object> sees(NodeService node, NodeStatus status) {
    List<@Nullable Object> odd = new ArrayList<>();
    long connected = 0;
    for (NodeStatus.MemberStatus member : status.members()) {
      connected += member.connected() ? 1 : 0;
      NodeStatus.Sight sight = member.sight();
      boolean well =
          member.connected()
              && (sight.status().isEmpty() || sight.status().equals("alive"))
              && !sight.slow();
      if (!well && !member.node().equals(node.self())) {
        Map<String, @Nullable Object> each = new LinkedHashMap<>();
        each.put("node", member.node().name());
        each.put("connected", member.connected());
        each.put("status", sight.status());
        each.put("since_ms", sight.sinceMillis());
        each.put("slow", sight.slow());
        each.put("refusal", member.refusal());
        each.put("why", sight.why());
        odd.add(each);
      }
    }
    Map<String, @Nullable Object> sees = new LinkedHashMap<>();
    sees.put("members", status.members().size());
    sees.put("connected", connected);
    sees.put("odd", odd);
    return sees;
  }

  private static List<@Nullable Object> hints(NodeStatus status) {
    List<@Nullable Object> hints = new ArrayList<>();
    for (NodeStatus.HeldHints held : status.hints()) {
      Map<String, @Nullable Object> each = new LinkedHashMap<>();
      each.put("owner", held.owner().name());
      each.put("hints", held.hints());
      each.put("bytes", held.bytes());
      each.put("oldest_seconds", held.oldestMillis() / 1000);
      hints.add(each);
    }
    return hints;
  }

  private static List<@Nullable Object> lag(NodeView view) {
    List<@Nullable Object> lags = new ArrayList<>();
    for (NodeView.Lag lag : view.lags()) {
      if (lag.dots() > 0) {
        Map<String, @Nullable Object> each = new LinkedHashMap<>();
        each.put("peer", lag.peer().name());
        each.put("dots", lag.dots());
        each.put("groups", lag.groups());
        each.put("oldest_ms", lag.ageNanos() / 1_000_000);
        lags.add(each);
      }
    }
    return lags;
  }

  private static List<@Nullable Object> alarms(NodeStatus status) {
    List<@Nullable Object> alarms = new ArrayList<>();
    for (NodeStatus.LastAlarm alarm : status.lastAlarms()) {
      Map<String, @Nullable Object> each = new LinkedHashMap<>();
      each.put("kind", alarm.kind());
      each.put("times", alarm.times());
      each.put("ago_ms", alarm.agoMillis());
      each.put("lasts", alarm.lasts());
      each.put("sentence", alarm.sentence());
      alarms.add(each);
    }
    return alarms;
  }

  private static List<@Nullable Object> discarded(LastWriteFigures figures) {
    List<@Nullable Object> buckets = new ArrayList<>();
    for (LastWriteFigures.OfBucket each : figures.buckets()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("name", each.bucket());
      json.put("concurrent", each.concurrent());
      json.put("blind", each.blind());
      buckets.add(json);
    }
    return buckets;
  }

  private static Map<String, @Nullable Object> audits(NodeView view) {
    Map<String, @Nullable Object> ago = new LinkedHashMap<>();
    view.auditAges()
        .forEach(
            (group, age) ->
                ago.put(group.toString(), age == NodeView.NEVER ? -1 : age / 1_000_000_000L));
    Map<String, @Nullable Object> audits = new LinkedHashMap<>();
    audits.put("seconds_ago", ago);
    return audits;
  }

  private static List<@Nullable Object> levels(Standing standing) {
    List<@Nullable Object> levels = new ArrayList<>();
    for (Standing.Levels level : standing.levels()) {
      Map<String, @Nullable Object> each = new LinkedHashMap<>();
      each.put("n", level.n());
      each.put("r", level.r());
      each.put("w", level.w());
      each.put("buckets", level.buckets());
      each.put("sloppy", level.sloppy());
      levels.add(each);
    }
    return levels;
  }
}
