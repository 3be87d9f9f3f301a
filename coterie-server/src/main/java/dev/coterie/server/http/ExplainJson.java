// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.codec.content.ObjectContent;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.HybridClock;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.explain.ExplanationLines;
import dev.coterie.core.explain.KeyExplanation;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.core.explain.KeyReport.Said;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.HintsView;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ReplicaView;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A [KeyReport] as JSON, with its explanation in sentences and the whole as lines of text.
final class ExplainJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int SHOWN_MAX = 60;

  private ExplainJson() {}

  static ObjectNode write(KeyReport report, boolean values) {
    ObjectNode root = JSON.createObjectNode();
    root.put("bucket_type", PercentCoding.encode(report.key().bucket().type()));
    root.put("bucket", PercentCoding.encode(report.key().bucket().name()));
    root.put("key", PercentCoding.encode(report.key().key()));
    root.put("group", report.group().toString());
    root.put("asked", report.by().name());
    root.put("r", report.r());
    root.put("wall_ms", report.wallMillis());
    ArrayNode replicas = root.putArray("replicas");
    for (KeyReport.Replica replica : report.replicas()) {
      ObjectNode each = replicas.addObject();
      each.put("node", replica.node().name());
      each.put("machine", replica.machine());
      each.put("role", "owner");
      switch (replica.said()) {
        case Said.Silent(String why) -> {
          each.put("answers", false);
          each.put("sentence", why);
        }
        case Said.Told(ReplicaView view) -> {
          each.put("answers", true);
          put(each, report, view, values);
        }
      }
    }
    ArrayNode others = root.putArray("others");
    root.put("last_write_wins", report.lastWriteWins());
    ArrayNode hints = root.putArray("hints");
    for (KeyReport.Other other : report.others()) {
      ObjectNode each = others.addObject();
      each.put("node", other.node().name());
      switch (other.heard()) {
        case Said.Silent(String why) -> {
          each.put("answers", false);
          each.put("sentence", why);
        }
        case KeyReport.Heard.Hints(List<HintsView.Held> held) -> {
          each.put("answers", true);
          held.forEach(hint -> put(hints.addObject(), other.node(), hint));
        }
      }
    }
    strings(root.putArray("explanation"), KeyExplanation.of(report));
    strings(
        root.putArray("lines"),
        ExplanationLines.of(report, (sibling, arrival) -> shown(sibling, arrival, values)));
    return root;
  }

  private static void put(ObjectNode each, KeyReport report, ReplicaView view, boolean values) {
    each.put("health", view.health().name().toLowerCase(Locale.ROOT));
    if (!view.isReadable()) {
      return;
    }
    each.put("context", view.record().context().toString());
    each.put("clock", view.clock().toString());
    ObjectNode closed = each.putObject("closed_below");
    view.clock().closed().forEach((node, below) -> closed.put(node.name(), below));
    ArrayNode siblings = each.putArray("siblings");
    for (Sibling sibling : view.record().siblings()) {
      Arrival arrival = view.arrivalOf(sibling);
      ObjectNode value = siblings.addObject();
      value.put("dot", sibling.dot().toString());
      value.put("bytes", arrival.bytes());
      value.put("content_type", type(arrival));
      value.put("hash", Long.toHexString(sibling.valueHash()));
      value.put("operation", PercentCoding.encode(sibling.operation()));
      value.put("expires_ms", sibling.expiryMillis());
      value.put("expired", Expiry.isExpired(sibling, report.wallMillis()));
      if (sibling.stamp() > 0) {
        value.put("timestamp_ms", HybridClock.millisOf(sibling.stamp()));
        value.put("timestamp_counter", HybridClock.counterOf(sibling.stamp()));
        value.put("deleted", LastWrite.isDelete(sibling));
      }
      value.put("path", arrival.path().name().toLowerCase(Locale.ROOT));
      value.put("from", arrival.from().name());
      value.put("ago_ms", arrival.agoNanos() / 1_000_000);
      if (values) {
        value.put("value_base64", Base64.getEncoder().encodeToString(body(sibling).array()));
      }
    }
    each.put("tombstone", view.record().isTombstone());
    ArrayNode lacking = each.putArray("waits_for");
    if (Expiry.isOver(view.record(), report.wallMillis())) {
      for (NodeId node : view.lacking()) {
        lacking.add(node.name());
      }
    }
    ArrayNode log = each.putArray("log");
    for (LogEntry entry : view.log()) {
      ObjectNode line = log.addObject();
      line.put("dot", entry.dot().toString());
      ArrayNode replaced = line.putArray("replaced");
      for (Dot dot : entry.replaced()) {
        replaced.add(dot.toString());
      }
    }
  }

  private static void put(ObjectNode each, NodeId holder, HintsView.Held hint) {
    each.put("node", holder.name());
    each.put("owner", hint.owner().name());
    each.put("readable", hint.readable());
    if (hint.readable()) {
      each.put("dots", "{" + hint.dots() + "}");
      each.put("values", hint.values());
      each.put("bytes", hint.bytes());
      each.put("ago_ms", hint.ageNanos() / 1_000_000);
      each.put("older", hint.older());
    }
  }

  private static void strings(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  /// The client's bytes without the metadata.
  private static Bytes body(Sibling sibling) {
    return ObjectContent.decode(sibling.value()) instanceof ObjectContent content
        ? content.value()
        : sibling.value();
  }

  private static String type(Arrival arrival) {
    return ObjectContent.typeIn(arrival.head());
  }

  /// `text/plain `, and what the value begins with where it is asked for.
  private static String shown(Sibling sibling, Arrival arrival, boolean values) {
    String type = printable(type(arrival));
    if (!values) {
      return type.isEmpty() ? "" : type + " ";
    }
    String text = new String(body(sibling).array(), StandardCharsets.UTF_8);
    String begin = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
    return type + " \"" + printable(begin) + "\" ";
  }

  /// What a terminal does not take for a command.
  private static String printable(String text) {
    StringBuilder plain = new StringBuilder();
    text.codePoints().forEach(c -> plain.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return plain.toString();
  }
}
