// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.server.remote.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the other members have told of themselves, and whom to ask next. At most [#ASKED_AT_ONCE]
/// are asked at a time, those first that were asked longest ago. Not thread-safe.
final class PeerReports {
  /// So many members are asked each second.
  static final int ASKED_AT_ONCE = 64;

  /// A report of more bytes is dropped unread.
  static final int BYTES_MAX = 1 << 20;

  private static final int EVENTS_KEPT = 400;

  /// What another node tells of an event is cut off here.
  private static final int TEXT_MAX = 500;

  /// What one member has told last.
  private static final class Peer {
    @Nullable Object report;
    long toldNanos;
    long askedNanos = Long.MIN_VALUE;
    boolean awaited;
    long eventsSince;
    long eventsAfter;
  }

  /// A report, and when it came.
  record Told(Object report, long nanos) {}

  /// Something that happened at `node`.
  record Event(
      String node,
      long since,
      long id,
      long firstMillis,
      long lastMillis,
      long times,
      String kind,
      String weight,
      String about,
      String sentence) {}

  private final TreeMap<String, Peer> peers = new TreeMap<>();
  private final TreeMap<String, Event> events = new TreeMap<>();
  private long unusable;

  /// Reports that made no sense.
  long unusable() {
    return unusable;
  }

  /// Whom to ask now, of those that are `connected`.
  List<NodeId> next(List<NodeId> connected, long nanos, long pauseNanos) {
    List<NodeId> next = new ArrayList<>(connected);
    next.removeIf(
        node -> {
          long asked = peer(node.name()).askedNanos;
          return asked != Long.MIN_VALUE && nanos - asked < pauseNanos;
        });
    next.sort((a, b) -> Long.compare(peer(a.name()).askedNanos, peer(b.name()).askedNanos));
    return next.subList(0, Math.min(next.size(), ASKED_AT_ONCE));
  }

  private Peer peer(String node) {
    return peers.computeIfAbsent(node, _ -> new Peer());
  }

  /// The question to `node`.
  Bytes question(NodeId node, ClusterHour hour, long nanos) {
    Peer peer = peer(node.name());
    peer.askedNanos = nanos;
    peer.awaited = true;
    Map<String, @Nullable Object> ask = new LinkedHashMap<>();
    ask.put("after", hour.after(node.name()));
    ask.put("before", hour.before(node.name()));
    ask.put("events_since", peer.eventsSince);
    ask.put("events_after", peer.eventsAfter);
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("ask", ask);
    return Bytes.of(Json.writeLine(json).getBytes(StandardCharsets.UTF_8));
  }

  /// The question has certainly not left.
  void notAsked(NodeId node) {
    peer(node.name()).awaited = false;
  }

  /// Whether an answer is due from one that is still `connected`.
  boolean awaits(List<NodeId> connected) {
    return connected.stream().anyMatch(node -> peer(node.name()).awaited);
  }

  /// `node` has told of itself.
  ///
  /// @param present number of the slice of the hour that is not over yet
  void told(String node, @Nullable Object tell, ClusterHour hour, long present, long nanos) {
    Object report = Json.member(tell, "report");
    if (!Json.text(report, "node").equals(node)) {
      unusable++;
      return;
    }
    Peer peer = peer(node);
    peer.report = report;
    peer.toldNanos = nanos;
    peer.awaited = false;
    List<Slice> slices = new ArrayList<>();
    for (Object each : Json.list(tell, "hour")) {
      Slice slice = Slice.of(each);
      if (slice == null) {
        unusable++;
      } else {
        slices.add(slice);
      }
    }
    hour.take(node, slices, present);
    long since = Json.whole(tell, "events_since");
    if (since != peer.eventsSince) {
      peer.eventsSince = since;
      peer.eventsAfter = 0;
    }
    for (Object each : Json.list(tell, "events")) {
      event(node, since, each);
      peer.eventsAfter = Math.max(peer.eventsAfter, Json.whole(each, "sequence"));
    }
  }

  void event(String node, long since, @Nullable Object told) {
    Event event =
        new Event(
            node,
            since,
            Json.whole(told, "id"),
            Json.whole(told, "first_ms"),
            Json.whole(told, "last_ms"),
            Json.whole(told, "times"),
            text(told, "kind"),
            text(told, "weight"),
            text(told, "about"),
            text(told, "sentence"));
    events.put(node + "/" + since + "/" + event.id(), event);
    if (events.size() > EVENTS_KEPT) {
      String oldest = events.firstKey();
      for (Map.Entry<String, Event> each : events.entrySet()) {
        Event least = events.get(oldest);
        if (least != null && each.getValue().lastMillis() < least.lastMillis()) {
          oldest = each.getKey();
        }
      }
      events.remove(oldest);
    }
  }

  private static String text(@Nullable Object told, String name) {
    String text = Json.text(told, name);
    return text.substring(0, Math.min(text.length(), TEXT_MAX));
  }

  List<Event> events() {
    return new ArrayList<>(events.values());
  }

  /// What `node` has told within `ageNanos`; null for nothing.
  @Nullable Told of(String node, long nanos, long ageNanos) {
    Peer peer = peers.get(node);
    if (peer == null || peer.report == null || nanos - peer.toldNanos > ageNanos) {
      return null;
    }
    return new Told(peer.report, peer.toldNanos);
  }

  /// So old may a report be at most that is still believed, with so many members to ask.
  static long ageNanos(int members) {
    return TimeUnit.SECONDS.toNanos(3L + 2L * (members / ASKED_AT_ONCE));
  }

  static Map<String, @Nullable Object> json(EventLog.Happened one) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", one.id());
    json.put("sequence", one.sequence());
    json.put("first_ms", one.firstMillis());
    json.put("last_ms", one.lastMillis());
    json.put("times", one.times());
    json.put("kind", one.kind());
    json.put("weight", one.weight().name().toLowerCase(java.util.Locale.ROOT));
    json.put("about", one.about());
    json.put("sentence", one.sentence());
    return json;
  }
}
