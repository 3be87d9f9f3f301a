// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.node.NodeView;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.host.service.Standing;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A node's status as JSON: `/status` of the admin listener and, without what is not for clients,
/// `/stats`.
final class StatusJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private StatusJson() {}

  /// With what is for operators alone.
  static ObjectNode whole(NodeId self, NodeStatus status) {
    ObjectNode root = write(self, status);
    Standing standing = status.standing();
    root.put("since_ms", standing.sinceMillis());
    root.put("shards", standing.shards());
    root.put("unsure", standing.unsure());
    root.put("clocks", standing.clocks());
    root.put("log_entries", standing.view().logEntries());
    ArrayNode lags = root.putArray("lag");
    for (NodeView.Lag lag : standing.view().lags()) {
      ObjectNode each = lags.addObject();
      each.put("peer", lag.peer().name());
      each.put("dots", lag.dots());
      each.put("groups", lag.groups());
      each.put("oldest_ms", lag.ageNanos() / 1_000_000);
    }
    root.put("tombstones_waiting", standing.view().tombstones());
    ObjectNode waiting = root.putObject("tombstones_waiting_for");
    standing.view().tombstonesFor().forEach((peer, count) -> waiting.put(peer.name(), count));
    audits(root.putObject("audits"), standing.view());
    ArrayNode levels = root.putArray("levels");
    for (Standing.Levels each : standing.levels()) {
      levels
          .addObject()
          .put("n", each.n())
          .put("r", each.r())
          .put("w", each.w())
          .put("buckets", each.buckets())
          .put("sloppy", each.sloppy());
    }
    ObjectNode sent = root.putObject("records_sent");
    standing
        .sent()
        .forEach((cause, each) -> sent.put(cause.name().toLowerCase(Locale.ROOT), each.records()));
    root.put("records_exchanged", standing.exchanged());
    root.put("tombstones_reaped", standing.reaped());
    root.put("alarms", standing.alarms());
    return root;
  }

  /// When each group was last compared with all its other owners, in seconds; -1 for not since the
  /// start.
  private static void audits(ObjectNode audits, NodeView view) {
    long never = 0;
    long oldest = NodeView.NEVER;
    for (long age : view.auditAges().values()) {
      never += age == NodeView.NEVER ? 1 : 0;
      oldest = Math.max(oldest, age);
    }
    audits.put("groups", view.auditAges().size());
    audits.put("never", never);
    audits.put("oldest_seconds", seconds(oldest));
    ObjectNode each = audits.putObject("seconds_ago");
    view.auditAges().forEach((group, age) -> each.put(group.toString(), seconds(age)));
  }

  private static long seconds(long age) {
    return age == NodeView.NEVER ? -1 : age / 1_000_000_000L;
  }

  static ObjectNode write(NodeId self, NodeStatus status) {
    ObjectNode root = JSON.createObjectNode();
    root.put("node", self.name());
    root.put("state", status.state().name().toLowerCase(Locale.ROOT));
    root.put("sentence", status.sentence());
    root.put("boot", status.boot());
    root.put("epoch", status.epoch());
    root.put("fingerprint", Long.toHexString(status.fingerprint()));
    root.put("partitions", status.partitions());
    root.put("machines", status.machines());
    ArrayNode members = root.putArray("members");
    for (NodeStatus.MemberStatus member : status.members()) {
      ObjectNode each = members.addObject();
      each.put("node", member.node().name());
      each.put("machine", member.machine());
      each.put("connected", member.connected());
      each.put("refusal", member.refusal());
      NodeStatus.Sight sight = member.sight();
      if (!sight.status().isEmpty()) {
        each.put("status", sight.status());
        each.put("incarnation", sight.incarnation());
        each.put("since_ms", sight.sinceMillis());
        if (sight.heardMillis() >= 0) {
          each.put("heard_ms_ago", sight.heardMillis());
        }
        each.put("slow", sight.slow());
        each.put("slow_pct", sight.slowPercent());
        each.put("why", sight.why());
      }
    }
    root.put("groups_owned", status.groupsOwned());
    root.put("groups_rebuilding", status.groupsRebuilding());
    root.put("in_flight", status.inFlight());
    root.put("damaged_reads", status.damagedReads());
    ArrayNode hints = root.putArray("hints");
    for (NodeStatus.HeldHints held : status.hints()) {
      ObjectNode each = hints.addObject();
      each.put("owner", held.owner().name());
      each.put("hints", held.hints());
      each.put("bytes", held.bytes());
      each.put("oldest_seconds", held.oldestMillis() / 1000);
    }
    ArrayNode alarms = root.putArray("last_alarms");
    ArrayNode kinds = root.putArray("alarm_kinds");
    for (NodeStatus.LastAlarm alarm : status.lastAlarms()) {
      alarms.add(alarm.kind() + " " + alarm.sentence());
      kinds
          .addObject()
          .put("kind", alarm.kind())
          .put("times", alarm.times())
          .put("ago_ms", alarm.agoMillis())
          .put("lasts", alarm.lasts())
          .put("sentence", alarm.sentence());
    }
    return root;
  }
}
