// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.metrics;

import dev.coterie.core.membership.FailureDetector;
import dev.coterie.core.node.Background;
import dev.coterie.core.node.NodeView;
import dev.coterie.core.node.PaceFigures;
import dev.coterie.host.metric.ClockFigures;
import dev.coterie.host.metric.ExpiryFigures;
import dev.coterie.host.metric.HintCounts;
import dev.coterie.host.metric.LastWriteFigures;
import dev.coterie.host.metric.NodeMetrics;
import dev.coterie.host.metric.ReadFigures;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.host.service.Standing;
import dev.coterie.server.dashboard.ForecastFigures;
import dev.coterie.server.dashboard.WatchFigures;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// All metrics of a node, written anew for each scrape.
public final class MetricsText {
  private final Supplier<NodeStatus> status;
  private final Supplier<NodeMetrics> metrics;
  private final HttpFigures http;
  private final Supplier<WatchFigures> watchers;
  private final Supplier<List<ForecastFigures>> forecast;
  private final ExpositionFormatWriter plain =
      PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();
  private final ExpositionFormatWriter open =
      OpenMetricsTextFormatWriter.builder().setCreatedTimestampsEnabled(false).build();

  public MetricsText(
      Supplier<NodeStatus> status,
      Supplier<NodeMetrics> metrics,
      HttpFigures http,
      Supplier<WatchFigures> watchers,
      Supplier<List<ForecastFigures>> forecast) {
    this.watchers = watchers;
    this.forecast = forecast;
    this.status = status;
    this.metrics = metrics;
    this.http = http;
  }

  /// What `accept` asks for: OpenMetrics where it is named, else Prometheus's own format.
  public String contentType(String accept) {
    return writer(accept).getContentType();
  }

  private ExpositionFormatWriter writer(String accept) {
    return accept.contains("application/openmetrics-text") ? open : plain;
  }

  public byte[] write(String accept) {
    Families out = new Families();
    NodeMetrics figures = metrics.get();
    QuorumFigures.add(out, figures.quorum());
    StaleForecastFigures.add(out, forecast.get());
    node(out, status.get(), figures);
    http(out);
    watchers(out, watchers.get());
    ProcessFigures.add(out);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * 1024);
    try {
      writer(accept).write(bytes, out.end());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void watchers(Families out, WatchFigures figures) {
    out.gauge("coterie_dashboard_streams", "Who follows the dashboard now.", figures.open());
    out.counter(
        "coterie_dashboard_streams_refused",
        "Streams of the dashboard that were one too many.",
        figures.refused());
    out.counter(
        "coterie_dashboard_streams_slow",
        "Streams of the dashboard that were ended because their reader did not keep up.",
        figures.slow());
  }

  private static void node(Families out, NodeStatus status, NodeMetrics figures) {
    StateSetSnapshot.StateSetDataPointSnapshot.Builder states =
        StateSetSnapshot.StateSetDataPointSnapshot.builder().labels(Labels.EMPTY);
    for (NodeStatus.State state : NodeStatus.State.values()) {
      StateSetSnapshot.StateSetDataPointSnapshot.Builder _ =
          states.state(state.name().toLowerCase(Locale.ROOT), state == status.state());
    }
    out.add(
        StateSetSnapshot.builder()
            .name("coterie_node_state")
            .help("1 for the state that the node is in.")
            .dataPoint(states.build())
            .build());
    long connected = status.members().stream().filter(NodeStatus.MemberStatus::connected).count();
    long refused = status.members().stream().filter(each -> !each.refusal().isEmpty()).count();
    out.gauge(
        "coterie_members", "Members of the cluster, this node included.", status.members().size());
    out.gauge(
        "coterie_members_connected", "Members that are connected, this node included.", connected);
    out.gauge(
        "coterie_members_refused",
        "Members whose connection this node refuses, or that refuse its own.",
        refused);
    out.gauge("coterie_machines", "Distinct machines among the members.", status.machines());
    out.gauge("coterie_boot", "How often this node has started.", status.boot());
    out.gauge("coterie_placement_epoch", "Epoch of the placement map.", status.epoch());
    out.gauge(
        "coterie_groups_owned",
        "Groups that this node owns and that hold data.",
        status.groupsOwned());
    out.gauge(
        "coterie_groups_rebuilding",
        "Groups whose copy here is not complete: they do not vote.",
        status.groupsRebuilding());
    out.gauge("coterie_requests_in_flight", "Requests being coordinated here.", status.inFlight());
    out.counter(
        "coterie_damaged_reads",
        "Reads of the local disk that failed a checksum.",
        status.damagedReads());
    out.counter("coterie_alarms", "Alarms raised.", figures.alarms());
    out.counter("coterie_repairs", "Stale copies that reads saw and mended.", figures.repairs());
    reads(out, figures.reads());
    expiry(out, figures.expiry());
    lastWrites(out, figures.lastWrites());
    detector(out, status, figures.detector());
    hints(out, status, figures.hints());
    out.counter(
        "coterie_audits",
        "Groups whose hash trees were compared with those of all other owners.",
        figures.audits().audited());
    out.counter(
        "coterie_audit_keys",
        "Keys in which hash trees differed; both owners were sent what the other holds.",
        figures.audits().keys());
    out.counter(
        "coterie_tree_bytes",
        "Bytes of messages about hash trees that were sent.",
        figures.audits().bytes());
    out.gauge(
        "coterie_oldest_audit_seconds",
        "Age of the last audit of the group whose last audit is the oldest; -1 where some group was"
            + " not audited since the start.",
        figures.audits().oldestSeconds());
    out.gauge(
        "coterie_never_audited_groups",
        "Groups whose hash trees were not compared with those of all other owners since the start.",
        figures.audits().never());
    standing(out, status.standing());
    pace(out, figures.pace());
    RoundTripFigures.add(out, figures.roundTrips());
    out.gauge(
        "coterie_store_sequence", "Sequence number of the last batch.", figures.storeSequence());
    out.gauge(
        "coterie_store_sequence_synced",
        "The highest sequence number past fsync.",
        figures.storeSequenceSynced());
    out.gauge(
        "coterie_store_sync_lag",
        "Sequence numbers written and not yet past fsync: what a power cut would take.",
        Math.max(0, figures.storeSequence() - figures.storeSequenceSynced()));
    out.counter(
        "coterie_store_syncs", "Fsyncs of the store since it was opened.", figures.storeSyncs());
    out.summary(
        "coterie_store_sync_ms",
        "How long an fsync of the store takes, in ms; the quantiles are of the last minute.",
        figures.disk().recentSyncs(),
        figures.disk().syncs());
    out.gauge(
        "coterie_disk_free_bytes",
        "What the file system of the data has left for this process; -1 where it does not say.",
        figures.disk().freeBytes());
    out.gauge(
        "coterie_disk_bytes",
        "Size of the file system of the data; -1 where it does not say.",
        figures.disk().totalBytes());
    out.summary(
        "coterie_gc_pause_ms",
        "How long a collection of garbage held up the process, in whole ms; the quantiles are of the"
            + " last hour.",
        figures.pauses().lastHour(),
        figures.pauses().all());
    out.gauge(
        "coterie_gc_pause_max_ms",
        "The longest collection of garbage of the last hour, in ms.",
        figures.pauses().mostMillis());
    ClockFigures clock = figures.clock();
    out.gauge(
        "coterie_clock_ahead_ms",
        "How far this node's wall clock is ahead of the median of the members', itself included,"
            + " beyond what round trips explain; below 0 it is behind. Not a number where fewer"
            + " than two others tell theirs.",
        clock.known() ? (double) clock.aheadMillis() : Double.NaN);
    out.gauge(
        "coterie_clock_unsure_ms",
        "What round trips may hide of that.",
        clock.known() ? (double) clock.unsureMillis() : Double.NaN);
    out.gauge(
        "coterie_transport_queue_bytes",
        "Bytes that wait to be sent to other nodes.",
        figures.transportQueuedBytes());
  }

  private static void pace(Families out, PaceFigures pace) {
    out.gauge(
        "coterie_saturated",
        "1 while requests wait at a shard, and background work is held back.",
        pace.saturated() ? 1 : 0);
    out.counter(
        "coterie_saturated_seconds",
        "For how long requests have waited, of all shards.",
        pace.saturatedNanos() / 1e9);
    out.counter(
        "coterie_foreground_units",
        "Records read, minted or stored for requests.",
        pace.foreground());
    Families.Counters kinds =
        out.counters("coterie_background_units", "Records of background work, by kind.");
    for (Background kind : Background.values()) {
      kinds.add(
          Labels.of("kind", kind.name().toLowerCase(Locale.ROOT)),
          pace.background().get(kind.ordinal()));
    }
    kinds.end();
    out.counter(
        "coterie_saturated_foreground_units",
        "Records for requests while requests waited.",
        pace.foregroundSaturated());
    out.counter(
        "coterie_saturated_background_units",
        "Records of background work while requests waited: a ninth of the above at most.",
        pace.backgroundSaturated());
    out.counter(
        "coterie_background_put_off",
        "Times that a step of background work was put off.",
        pace.refused());
    out.counter(
        "coterie_saturated_background_syncs",
        "Syncs while requests waited that no request had asked for.",
        pace.ownSyncs());
  }

  private static void lastWrites(Families out, LastWriteFigures figures) {
    out.counters(
            "coterie_lww_discarded",
            "Acknowledged values that last-write-wins has thrown away, although the writer that"
                + " replaced them had not been shown them.")
        .add(Labels.of("kind", "concurrent"), figures.concurrent())
        .add(Labels.of("kind", "blind"), figures.blind())
        .end();
    Families.Counters buckets =
        out.counters(
            "coterie_lww_discarded_by_bucket",
            "The same by bucket: the first 16 that lost something by name, the rest as other.");
    for (LastWriteFigures.OfBucket each : figures.buckets()) {
      buckets
          .add(Labels.of("bucket", each.bucket(), "kind", "concurrent"), each.concurrent())
          .add(Labels.of("bucket", each.bucket(), "kind", "blind"), each.blind());
    }
    if (figures.buckets().isEmpty()) {
      buckets.add(Labels.EMPTY, 0L);
    }
    buckets.end();
  }

  private static void expiry(Families out, ExpiryFigures figures) {
    out.counter(
        "coterie_expired_reaped",
        "Expired values whose records have gone, because every owner has seen all of them.",
        figures.reaped());
    out.gauge(
        "coterie_expiring_records",
        "Records that are remembered because all their values expire.",
        figures.ahead());
  }

  private static void detector(Families out, NodeStatus status, FailureDetector.Figures figures) {
    members(out, status, "coterie_members_alive", "alive");
    members(out, status, "coterie_members_suspect", "suspect");
    members(out, status, "coterie_members_dead", "dead");
    out.gauge(
        "coterie_members_slow",
        "Other members that this node asks last because they answer slowly.",
        status.members().stream().filter(member -> member.sight().slow()).count());
    out.gauge(
        "coterie_detector_health",
        "How far the failure detector doubts this node itself: 0 is well, 8 the worst.",
        figures.health());
    out.counter("coterie_detector_probes", "Probes sent to other members.", figures.probes());
    out.counter(
        "coterie_detector_probes_failed",
        "Probes that nobody answered, neither the member nor others for it.",
        figures.failed());
    out.counter(
        "coterie_detector_suspicions",
        "Members that were alive until a probe of this node's failed.",
        figures.suspected());
    out.counter(
        "coterie_detector_deaths", "Members that this node declared dead.", figures.declared());
    out.counter(
        "coterie_detector_refutations",
        "How often this node had to say that it lives.",
        figures.refuted());
    out.counter(
        "coterie_detector_pauses",
        "Pauses of this node itself that the failure detector noticed.",
        figures.late());
  }

  private static void members(Families out, NodeStatus status, String name, String held) {
    out.gauge(
        name,
        "Other members that this node holds for " + held + ".",
        status.members().stream().filter(member -> member.sight().status().equals(held)).count());
  }

  private static void hints(Families out, NodeStatus status, HintCounts counts) {
    List<NodeStatus.HeldHints> all = status.hints();
    out.gauges(
        "coterie_hints_held",
        "Hints held here for owners that could not be reached, by owner.",
        all,
        held -> held.owner().name(),
        NodeStatus.HeldHints::hints);
    out.gauges(
        "coterie_hint_bytes",
        "About how many bytes they take.",
        all,
        held -> held.owner().name(),
        NodeStatus.HeldHints::bytes);
    out.gauges(
        "coterie_hint_oldest_seconds",
        "How long ago the oldest write came that this node holds for the owner, at most.",
        all,
        held -> held.owner().name(),
        held -> held.oldestMillis() / 1000.0);
    out.counter(
        "coterie_hints_stored", "Writes taken into hints for other owners.", counts.stored());
    out.counter(
        "coterie_hints_refused",
        "Writes for which there was no room for a hint, or no fallback could stand in.",
        counts.refused());
    out.counter(
        "coterie_hints_delivered",
        "Hints that their owners have durably taken.",
        counts.delivered());
    out.counter(
        "coterie_hints_not_taken",
        "Hints that came back to this owner and could not be taken, or not be counted, yet.",
        counts.notTaken());
  }

  /// What still has to come to all owners, and what was sent for that.
  private static void standing(Families out, Standing standing) {
    NodeView view = standing.view();
    Families.Gauges dots =
        out.gauges(
            "coterie_lag_dots",
            "Writes of this node's copies that the peer has not told to have, over all groups that"
                + " both own.");
    Families.Gauges age =
        out.gauges(
            "coterie_lag_oldest_seconds",
            "How long the oldest of these writes has been in this node's copies, at least.");
    Families.Gauges waiting =
        out.gauges(
            "coterie_tombstones_waiting_for",
            "Deletes and expired records of this node's copies that wait until the peer has seen them.");
    for (NodeView.Lag lag : view.lags()) {
      Labels peer = Labels.of("peer", lag.peer().name());
      dots.add(peer, (double) lag.dots());
      age.add(peer, lag.ageNanos() / 1e9);
      waiting.add(peer, view.tombstonesFor().getOrDefault(lag.peer(), 0));
    }
    dots.end();
    age.end();
    waiting.end();
    out.gauge(
        "coterie_tombstones_waiting",
        "Deletes and expired records of this node's copies that are known to wait until every owner"
            + " has seen them.",
        view.tombstones());
    out.counter(
        "coterie_tombstones_reaped",
        "Deletes whose tombstone went because every owner had seen it.",
        standing.reaped());
    out.gauge(
        "coterie_log_entries",
        "Writes in the logs of this node's copies: those that not every owner is known to have.",
        view.logEntries());
    Families.Counters records =
        out.counters(
            "coterie_background_records_sent",
            "Records sent to other owners outside of any client's request, by cause.");
    Families.Counters bytes =
        out.counters(
            "coterie_background_value_bytes_sent", "Bytes of the values of these records.");
    standing
        .sent()
        .forEach(
            (cause, sent) -> {
              Labels by = Labels.of("cause", cause.name().toLowerCase(Locale.ROOT));
              records.add(by, sent.records());
              bytes.add(by, sent.bytes());
            });
    records.end();
    bytes.end();
    out.counter(
        "coterie_records_exchanged",
        "Records that exchanges with other owners have brought.",
        standing.exchanged());
    out.gauge(
        "coterie_copies_unsure",
        "1 while this node's copies do not vote because the peers have yet to confirm its store.",
        standing.unsure() ? 1 : 0);
  }

  private static void reads(Families out, ReadFigures figures) {
    out.counter(
        "coterie_expired_work",
        "Messages and requests dropped because nobody waited for them any more.",
        figures.expired());
    out.counter(
        "coterie_hedged_reads",
        "Late reads that asked one more owner; at most 2 % of all.",
        figures.hedges());
    out.counter(
        "coterie_hedged_reads_won",
        "Hedged reads in which the owner asked later was faster.",
        figures.hedgesWon());
    out.counter(
        "coterie_digest_bytes_spared",
        "Bytes of values that were not sent to other nodes because a digest did.",
        figures.bytesSpared());
  }

  private void http(Families out) {
    Families.Counters responses =
        out.counters("coterie_http_responses", "Responses to clients, by method and status.");
    http.responses(
        (method, code, count) ->
            responses.add(Labels.of("method", method, "status", Integer.toString(code)), count));
    responses.end();
    out.gauge("coterie_http_connections", "Open client connections.", http.connections());
    out.counter(
        "coterie_http_connections_refused",
        "Client connections closed because there were too many.",
        http.connectionsRefused());
    out.gauge(
        "coterie_http_requests_in_flight", "Client requests being worked on.", http.inFlight());
    out.gauge(
        "coterie_http_request_bytes",
        "Bytes of request bodies held in memory.",
        http.requestBytes());
  }
}
