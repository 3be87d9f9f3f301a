// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.Anomaly;
import dev.coterie.sim.lab.Failure;
import dev.coterie.sim.lab.LabOperation;
import dev.coterie.sim.lab.MessageBody;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The cards of anomalies outside of the page, and how things stood at a moment, as text.
public final class Cards {
  private Cards() {}

  public static List<Map<String, @Nullable Object>> json(Played played, List<Anomaly> anomalies) {
    List<Map<String, @Nullable Object>> cards = new ArrayList<>();
    for (Anomaly each : anomalies) {
      cards.add(AnomalyJson.card(played, each));
    }
    return cards;
  }

  public static String text(Played played, List<Anomaly> anomalies) {
    StringBuilder text = new StringBuilder();
    for (Anomaly each : anomalies) {
      LabOperation read = played.operations().get(each.operation() - 1);
      text.append(
          String.format(
              Locale.ROOT,
              "%d  %s  read %d of %s by client %d at %.3f ms%n",
              each.n() + 1,
              each.code(),
              each.operation(),
              Played.key(each.key()),
              read.client,
              each.at() / 1000.0));
      text.append("   ").append(each.sentence()).append('\n');
      each.evidence().forEach(line -> text.append("   - ").append(line).append('\n'));
      each.counterfactual().forEach(line -> text.append("   > ").append(line).append('\n'));
      for (int entry : each.messages()) {
        text.append("   ").append(message(played.recording(), entry)).append('\n');
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String message(Recording recording, int entry) {
    List<@Nullable Object> row = RecordingJson.message(recording, entry);
    Object arrives = row.get(6);
    return String.format(
        Locale.ROOT,
        "%12.3f  %s -> %s  %s  %s",
        recording.at(entry) / 1000.0,
        Failure.letter(recording.a(entry)),
        Failure.letter(recording.b(entry)),
        row.get(1),
        arrives instanceof Double at
            ? String.format(Locale.ROOT, "arrives %.3f", at)
            : "lost: " + row.get(7));
  }

  /// What the message of an entry carried, a line each; empty where it is none.
  public static String message(Played played, int entry) {
    Recording recording = played.recording();
    if (entry < 0 || entry >= recording.size() || recording.type(entry) != Recording.Type.SENT) {
      return "";
    }
    MessageBody body = MessageBody.of(played, entry, () -> true);
    if (body == null) {
      return "";
    }
    StringBuilder text = new StringBuilder(message(recording, entry)).append('\n');
    body.lines().forEach(line -> line(text, line.what(), line.text()));
    if (!body.sender().isEmpty()) {
      line(text, "sender's clock", body.sender());
      line(text, "receiver's clock", body.receiver().isEmpty() ? "never came" : body.receiver());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String what, String told) {
    text.append(String.format(Locale.ROOT, "  %-18s%s%n", what, told));
  }

  /// How things stood at `micros`, for programs.
  public static Map<String, @Nullable Object> stateJson(Played played, long micros) {
    return RecordingJson.state(played.recording(), micros);
  }

  /// The same for people: nodes, what each copy of each key held, what was under way.
  public static String state(Played played, long micros) {
    Recording.Moment moment = played.recording().moment(micros);
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "at %.3f ms%n%n", micros / 1000.0));
    for (int node = 0; node < moment.states().length; node++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-3s %-9s%s%n",
              Failure.letter(node),
              moment.states()[node].name().toLowerCase(Locale.ROOT),
              (moment.hints()[node] == 0 ? "" : moment.hints()[node] + " hints  ")
                  + (moment.queue(node) == 0 ? "" : moment.queue(node) + " requests wait")));
    }
    text.append('\n');
    for (int key = 0; key < moment.versions().length; key++) {
      int[] row = moment.versions()[key];
      StringBuilder held = new StringBuilder();
      for (int node = 0; node < row.length; node++) {
        if (row[node] != 0) {
          held.append("  ").append(Failure.letter(node)).append(':');
          String between = "w";
          for (int id : played.recording().versions(row[node])) {
            held.append(between).append(id);
            between = "+w";
          }
        }
      }
      if (!held.isEmpty()) {
        text.append(String.format(Locale.ROOT, "%-5s%s%n", Played.key(key), held));
      }
    }
    text.append('\n').append(moment.underWay().length).append(" messages under way\n");
    for (int entry : moment.underWay()) {
      text.append(message(played.recording(), entry)).append('\n');
    }
    return text.toString();
  }
}
