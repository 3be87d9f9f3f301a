// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.sim.lab.LabOperation;
import dev.coterie.sim.lab.MessageBody;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Recording;
import dev.coterie.sim.lab.Recording.Fate;
import dev.coterie.sim.lab.Recording.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a recording holds between two moments, and how things stood at one, as JSON. Nodes are told
/// by their number from 0, keys by theirs, writes by the number of their operation.
final class RecordingJson {
  /// Rows of one answer.
  static final int ROWS_MAX = 20_000;

  private static final String[] KINDS = kinds();

  private RecordingJson() {}

  private static String[] kinds() {
    String[] names = new String[256];
    Arrays.fill(names, "OTHER");
    for (MessageKind kind : MessageKind.values()) {
      names[kind.number()] = kind.name();
    }
    return names;
  }

  private static String name(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /// The row of a message: id, kind, from, to, operation, when it left and arrives, its fate.
  static List<@Nullable Object> message(Recording recording, int entry) {
    Fate fate = recording.fate(entry);
    int operation = recording.x(entry);
    boolean lostAtOnce = recording.y(entry) < 0;
    boolean lost = fate != Fate.TAKEN && fate != Fate.UNDER_WAY;
    List<@Nullable Object> row = new ArrayList<>(8);
    row.add(entry);
    row.add(KINDS[recording.c(entry)]);
    row.add(recording.a(entry));
    row.add(recording.b(entry));
    row.add(operation == 0 ? null : operation);
    row.add(recording.at(entry) / 1000.0);
    row.add(lost || lostAtOnce ? null : recording.y(entry) / 1000.0);
    row.add(lost ? fate.name().toLowerCase(Locale.ROOT) : "");
    return row;
  }

  private static List<@Nullable Object> versions(Recording recording, int set) {
    List<@Nullable Object> ids = new ArrayList<>();
    for (int id : recording.versions(set)) {
      ids.add(id);
    }
    return ids;
  }

  /// What happened from `from` on and before `to`, in µs. Where it is more than fits, `to` is where
  /// it stopped: never between two entries of one moment, unless they alone do not fit.
  static Map<String, @Nullable Object> events(Recording recording, long from, long to) {
    int first = recording.from(from);
    int end = recording.from(to);
    int last = Math.min(end, first + ROWS_MAX);
    while (last < end && last > first + 1 && recording.at(last) == recording.at(last - 1)) {
      last--;
    }
    List<@Nullable Object> messages = new ArrayList<>();
    List<@Nullable Object> states = new ArrayList<>();
    List<@Nullable Object> versions = new ArrayList<>();
    List<@Nullable Object> hints = new ArrayList<>();
    for (int entry = first; entry < last; entry++) {
      double at = recording.at(entry) / 1000.0;
      switch (recording.type(entry)) {
        case SENT -> messages.add(message(recording, entry));
        case STATE ->
            states.add(List.of(at, recording.a(entry), name(State.values()[recording.x(entry)])));
        case VERSIONS ->
            versions.add(
                List.of(
                    at,
                    recording.a(entry),
                    recording.x(entry),
                    versions(recording, recording.y(entry))));
        case HINTS -> hints.add(List.of(at, recording.a(entry), recording.x(entry)));
        case BEGAN, ENDED, ARRIVED, FAILED, MENDED -> {}
      }
    }
    List<@Nullable Object> queues = new ArrayList<>();
    for (Recording.Queue each : recording.queues(first, last)) {
      queues.add(List.of(recording.at(each.entry()) / 1000.0, each.node(), each.length()));
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("from", from / 1000.0);
    json.put("to", last < end ? recording.at(last) / 1000.0 : to / 1000.0);
    json.put("more", last < end);
    json.put("messages", messages);
    json.put("states", states);
    json.put("versions", versions);
    json.put("hints", hints);
    json.put("queues", queues);
    return json;
  }

  /// What the message of an entry carried, and the clocks of both its ends.
  static Map<String, @Nullable Object> body(Recording recording, int entry, MessageBody body) {
    List<@Nullable Object> lines = new ArrayList<>();
    for (MessageBody.Line line : body.lines()) {
      lines.add(List.of(line.what(), line.text()));
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("message", message(recording, entry));
    json.put("lines", lines);
    json.put("sender", body.sender().isEmpty() ? null : body.sender());
    json.put("receiver", body.receiver().isEmpty() ? null : body.receiver());
    return json;
  }

  /// How things stood at `at`, in µs.
  static Map<String, @Nullable Object> state(Recording recording, long at) {
    Recording.Moment moment = recording.moment(at);
    List<@Nullable Object> nodes = new ArrayList<>();
    for (int node = 0; node < moment.states().length; node++) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("id", node);
      json.put("state", name(moment.states()[node]));
      json.put("hints", moment.hints()[node]);
      json.put("queue", moment.queue(node));
      nodes.add(json);
    }
    List<@Nullable Object> versions = new ArrayList<>();
    for (int key = 0; key < moment.versions().length; key++) {
      int[] row = moment.versions()[key];
      for (int node = 0; node < row.length; node++) {
        if (row[node] != 0) {
          versions.add(List.of(node, key, versions(recording, row[node])));
        }
      }
    }
    List<@Nullable Object> flying = new ArrayList<>();
    for (int entry : moment.underWay()) {
      flying.add(message(recording, entry));
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("at", at / 1000.0);
    json.put("nodes", nodes);
    json.put("versions", versions);
    json.put("inFlight", flying);
    return json;
  }

  /// The operations that began from `from` on and before `to`, in µs.
  ///
  /// @param limit about so many, evenly chosen, and all that failed, are unknown or were stale; 0
  ///   for all
  static Map<String, @Nullable Object> operations(
      List<LabOperation> operations, long from, long to, int limit) {
    List<LabOperation> found = new ArrayList<>();
    for (LabOperation each : operations) {
      if (each.began >= from && each.began < to) {
        found.add(each);
      }
    }
    int every = limit <= 0 ? 1 : Math.max(1, (found.size() + limit - 1) / limit);
    List<@Nullable Object> rows = new ArrayList<>();
    boolean more = false;
    for (int i = 0; i < found.size(); i++) {
      LabOperation each = found.get(i);
      boolean odd =
          each.result != LabOperation.Result.OK || each.verdict == LabOperation.Verdict.STALE;
      if (odd || i % every == 0) {
        if (rows.size() == ROWS_MAX) {
          more = true;
          break;
        }
        rows.add(operation(each));
      }
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("ops", rows);
    json.put("more", more);
    return json;
  }

  static Map<String, @Nullable Object> operation(LabOperation each) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", each.id);
    json.put("kind", each.write ? "write" : "read");
    json.put("key", Played.key(each.key));
    json.put("via", each.via < 0 ? null : each.via);
    json.put("client", each.client);
    json.put("at", each.began / 1000.0);
    json.put("ms", each.ended < 0 ? null : SummaryJson.rounded(each.millis()));
    json.put("result", each.result.name().toLowerCase(Locale.ROOT));
    json.put("why", each.reason.isEmpty() ? null : each.reason);
    List<@Nullable Object> versions = new ArrayList<>();
    for (int id : each.write ? new int[] {each.id} : each.versions) {
      versions.add(id);
    }
    json.put("versions", versions);
    json.put(
        "verdict",
        each.verdict == LabOperation.Verdict.NONE
            ? null
            : each.verdict.name().toLowerCase(Locale.ROOT));
    json.put("anomaly", each.anomaly < 0 ? null : each.anomaly + 1);
    return json;
  }
}
