// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.Anomaly;
import dev.coterie.sim.lab.LabOperation;
import dev.coterie.sim.lab.Played;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Anomalies as JSON, numbered from 1: heads for a list, and cards that say why.
final class AnomalyJson {
  private AnomalyJson() {}

  static Map<String, @Nullable Object> list(Played played) {
    List<@Nullable Object> heads = new ArrayList<>();
    for (Anomaly each : played.anomalies()) {
      heads.add(head(each));
    }
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("anomalies", heads);
    return body;
  }

  private static Map<String, @Nullable Object> head(Anomaly anomaly) {
    Map<String, @Nullable Object> head = new LinkedHashMap<>();
    head.put("n", anomaly.n() + 1);
    head.put("code", anomaly.code().name());
    head.put("op", anomaly.operation());
    head.put("write", anomaly.write());
    head.put("at", anomaly.at() / 1000.0);
    head.put("key", Played.key(anomaly.key()));
    head.put("sentence", anomaly.sentence());
    return head;
  }

  static Map<String, @Nullable Object> card(Played played, Anomaly anomaly) {
    Map<String, @Nullable Object> card = head(anomaly);
    card.put("read", span(played.operations().get(anomaly.operation() - 1)));
    card.put("missed", span(played.operations().get(anomaly.write() - 1)));
    card.put("evidence", anomaly.evidence());
    card.put("counterfactual", anomaly.counterfactual());
    List<@Nullable Object> messages = new ArrayList<>();
    for (int entry : anomaly.messages()) {
      messages.add(RecordingJson.message(played.recording(), entry));
    }
    card.put("messages", messages);
    return card;
  }

  /// Where and when an operation was carried out. A read that its coordinator answers from its own
  /// copy sends no message that would tell.
  private static Map<String, @Nullable Object> span(LabOperation operation) {
    Map<String, @Nullable Object> span = new LinkedHashMap<>();
    span.put("op", operation.id);
    span.put("via", operation.via < 0 ? null : operation.via);
    span.put("from", operation.began / 1000.0);
    span.put("to", operation.ended < 0 ? null : operation.ended / 1000.0);
    span.put("result", operation.result.name().toLowerCase(Locale.ROOT));
    return span;
  }

  /// The card with the number that `text` is; null where there is none.
  static @Nullable Map<String, @Nullable Object> card(Played played, String text) {
    if (!text.matches("[0-9]{1,8}")) {
      return null;
    }
    int number = Integer.parseInt(text);
    return number >= 1 && number <= played.anomalies().size()
        ? card(played, played.anomalies().get(number - 1))
        : null;
  }
}
