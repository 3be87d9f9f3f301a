// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.server.remote.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What still has to come to all owners, added up over what the nodes tell: hints, lag, deletes
/// that wait, copies being filled, and how long ago partitions were compared.
///
/// @param hints by the owner for which they are held
/// @param lags by the node that is behind; of several that tell of it, the one that tells most
/// @param lagsUnknown nodes whose exchange of clocks is off: how far they are behind, or others by
///   their word, is not known
/// @param waiting deletes that wait for a node: the most that one other node tells
/// @param rebuilding groups being filled, by node
/// @param audits seconds since each group was compared, by its name; -1 for not since the start of
///   any owner that told
record Debt(
    TreeMap<String, Held> hints,
    TreeMap<String, Lag> lags,
    TreeSet<String> lagsUnknown,
    TreeMap<String, Long> waiting,
    TreeMap<String, Long> rebuilding,
    TreeMap<String, Long> audits) {
  /// So many of the oldest audits are named.
  private static final int OLDEST = 5;

  /// @param oldestSeconds how long something has been held for it at most
  record Held(long hints, long bytes, long oldestSeconds, List<String> by) {}

  /// @param told dots by all who tell of it, added up: a write that two others have counts twice
  record Lag(long dots, long told, long groups, long oldestMillis, String toldBy) {}

  static Debt of(Facts facts) {
    Debt debt =
        new Debt(
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeSet<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>());
    facts
        .told()
        .forEach(
            (node, report) -> {
              if (Boolean.FALSE.equals(Json.member(report, "clocks"))) {
                debt.lagsUnknown.add(node);
              }
            });
    facts.told().forEach(debt::add);
    return debt;
  }

  private void add(String node, @Nullable Object report) {
    for (Object each : Json.list(report, "hints")) {
      long count = Json.whole(each, "hints");
      if (count > 0) {
        List<String> by = new ArrayList<>(List.of(node));
        hints.merge(
            Json.text(each, "owner"),
            new Held(count, Json.whole(each, "bytes"), Json.whole(each, "oldest_seconds"), by),
            Debt::plus);
      }
    }
    for (Object each : Json.list(report, "lag")) {
      String peer = Json.text(each, "peer");
      if (!lagsUnknown.contains(node) && !lagsUnknown.contains(peer)) {
        lags.merge(
            peer,
            new Lag(
                Json.whole(each, "dots"),
                Json.whole(each, "dots"),
                Json.whole(each, "groups"),
                Json.whole(each, "oldest_ms"),
                node),
            Debt::worse);
      }
    }
    if (Json.member(report, "tombstones_waiting_for") instanceof Map<?, ?> waits) {
      for (Map.Entry<?, ?> each : waits.entrySet()) {
        if (each.getValue() instanceof Long count && count > 0) {
          waiting.merge(String.valueOf(each.getKey()), count, Math::max);
        }
      }
    }
    long groups = Json.whole(report, "groups_rebuilding");
    if (groups > 0) {
      rebuilding.put(node, groups);
    }
    if (Json.member(Json.member(report, "audits"), "seconds_ago") instanceof Map<?, ?> ago) {
      for (Map.Entry<?, ?> each : ago.entrySet()) {
        if (each.getValue() instanceof Long seconds) {
          audits.merge(String.valueOf(each.getKey()), seconds, Debt::later);
        }
      }
    }
  }

  private static Held plus(Held one, Held other) {
    one.by.addAll(other.by);
    return new Held(
        one.hints + other.hints,
        one.bytes + other.bytes,
        Math.max(one.oldestSeconds, other.oldestSeconds),
        one.by);
  }

  private static Lag worse(Lag one, Lag other) {
    Lag more = other.dots > one.dots ? other : one;
    return new Lag(
        more.dots,
        one.told + other.told,
        more.groups,
        Math.max(one.oldestMillis, other.oldestMillis),
        more.toldBy);
  }

  /// An audit compares one owner with all the others, so the latest of any owner counts.
  private static Long later(Long one, Long other) {
    return one < 0 || (other >= 0 && other < one) ? other : one;
  }

  long hintCount() {
    return hints.values().stream().mapToLong(Held::hints).sum();
  }

  /// The most that any node is behind.
  long lagDots() {
    return lags.values().stream().mapToLong(Lag::dots).max().orElse(0);
  }

  /// No more keys can differ between their owners, by what clocks show: each that does lacks a
  /// write at some owner, and whoever has that write tells so. Null where clocks are not exchanged.
  private @Nullable Long divergedMost() {
    return lagsUnknown.isEmpty() ? lags.values().stream().mapToLong(Lag::told).sum() : null;
  }

  Map<String, @Nullable Object> json(Facts facts, Remaining.Left left) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("hints", hintsJson(facts, left));
    List<@Nullable Object> behind = new ArrayList<>();
    lags.forEach(
        (node, lag) -> {
          Map<String, @Nullable Object> each = new LinkedHashMap<>();
          each.put("node", node);
          each.put("dots", lag.dots);
          each.put("groups", lag.groups);
          each.put("oldest_ms", lag.oldestMillis);
          each.put("told_by", lag.toldBy);
          behind.add(each);
        });
    json.put("lag", behind);
    json.put("lag_not_known", List.copyOf(lagsUnknown));
    json.put("diverged_keys_at_most", divergedMost());
    json.put("audits", auditsJson());
    Map<String, @Nullable Object> tombstones = new LinkedHashMap<>();
    long most = 0;
    for (Object report : facts.told().values()) {
      most = Math.max(most, Json.whole(report, "tombstones_waiting"));
    }
    tombstones.put("waiting", most);
    tombstones.put("for", counts(waiting, Map.of()));
    json.put("tombstones", tombstones);
    json.put("rebuilding", counts(rebuilding, left.copies()));
    json.put("repairs", facts.sum("repairs"));
    json.put("audit_keys", facts.sum("audit_keys"));
    json.put("discarded", Discarded.json(facts));
    return json;
  }

  private Map<String, @Nullable Object> hintsJson(Facts facts, Remaining.Left left) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("count", hintCount());
    json.put("bytes", hints.values().stream().mapToLong(Held::bytes).sum());
    json.put("oldest_s", hints.values().stream().mapToLong(Held::oldestSeconds).max().orElse(0));
    json.put("refused", facts.sum("hints_refused"));
    List<@Nullable Object> each = new ArrayList<>();
    hints.forEach(
        (owner, held) -> {
          Map<String, @Nullable Object> entry = new LinkedHashMap<>();
          entry.put("node", owner);
          entry.put("count", held.hints);
          entry.put("bytes", held.bytes);
          entry.put("oldest_s", held.oldestSeconds);
          entry.put("holders", held.by.size());
          if (left.hints().containsKey(owner)) {
            entry.put("left_s", left.hints().get(owner));
          }
          each.add(entry);
        });
    json.put("for", each);
    return json;
  }

  private Map<String, @Nullable Object> auditsJson() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("groups", audits.size());
    json.put("never", audits.values().stream().filter(seconds -> seconds < 0).count());
    json.put("oldest_s", audits.values().stream().mapToLong(Long::longValue).max().orElse(-1));
    List<@Nullable Object> oldest = new ArrayList<>();
    audits.entrySet().stream()
        .filter(each -> each.getValue() >= 0)
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(OLDEST)
        .forEach(
            each -> {
              Map<String, @Nullable Object> entry = new LinkedHashMap<>();
              entry.put("group", each.getKey());
              entry.put("s", each.getValue());
              oldest.add(entry);
            });
    json.put("oldest", oldest);
    return json;
  }

  private static List<@Nullable Object> counts(Map<String, Long> all, Map<String, Long> left) {
    List<@Nullable Object> counts = new ArrayList<>();
    all.forEach(
        (node, count) -> {
          Map<String, @Nullable Object> entry = new LinkedHashMap<>();
          entry.put("node", node);
          entry.put("count", count);
          if (left.containsKey(node)) {
            entry.put("left_s", left.get(node));
          }
          counts.add(entry);
        });
    return counts;
  }
}
