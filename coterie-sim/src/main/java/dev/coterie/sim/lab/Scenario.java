// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.sim.lab.ScenarioException.Code;
import dev.coterie.sim.latency.Latency;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to be played: a template and what is set otherwise. Its text is one line,
/// `v1.TEMPLATE[.field=value]*`, with the fields in the order of [Field] and without those that the
/// template sets anyway: the same scenario is always the same text. A decimal point is written `_`
/// there, since `.` stands between the fields.
public final class Scenario {
  private static final String VERSION = "v1";
  private static final int TEXT_MAX = 8192;

  private final Template template;
  private final EnumMap<Field, String> values;

  private Scenario(Template template, EnumMap<Field, String> values) {
    this.template = template;
    this.values = values;
  }

  /// The template as it is.
  public static Scenario of(Template template) {
    EnumMap<Field, String> values = new EnumMap<>(Field.class);
    for (Field field : Field.values()) {
      values.put(field, field.canonical(template.value(field)));
    }
    return new Scenario(template, values).checked();
  }

  /// Reads a scenario's text.
  ///
  /// @throws ScenarioException with a sentence that says what is known
  public static Scenario parse(String text) {
    if (text.length() > TEXT_MAX) {
      throw new ScenarioException(
          Code.BAD_VALUE, "", "a scenario has at most " + TEXT_MAX + " characters");
    }
    String[] parts = text.strip().split("\\.", -1);
    if (!parts[0].equals(VERSION)) {
      throw new ScenarioException(
          Code.UNKNOWN_VERSION,
          "",
          "a scenario begins with '" + VERSION + ".', not with '" + parts[0] + "'");
    }
    Scenario scenario = of(Template.of(parts.length > 1 ? parts[1] : ""));
    EnumMap<Field, String> values = new EnumMap<>(scenario.values);
    EnumMap<Field, Boolean> said = new EnumMap<>(Field.class);
    for (int i = 2; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      Field field = field(equals < 0 ? parts[i] : parts[i].substring(0, equals));
      if (equals < 0) {
        throw field.bad("'" + parts[i] + "' has no value");
      }
      if (said.put(field, true) != null) {
        throw field.bad("it is set twice");
      }
      values.put(field, field.canonical(parts[i].substring(equals + 1).replace('_', '.')));
    }
    return new Scenario(scenario.template, values).checked();
  }

  /// The field with this name.
  ///
  /// @throws ScenarioException where there is none
  public static Field field(String id) {
    Field field = Field.of(id);
    if (field == null) {
      StringBuilder known = new StringBuilder();
      for (Field each : Field.values()) {
        known.append(known.isEmpty() ? "" : ", ").append(each.id());
      }
      throw new ScenarioException(
          Code.UNKNOWN_FIELD, id, "there is no field '" + id + "'; there are " + known);
    }
    return field;
  }

  /// The same scenario with one field set.
  public Scenario with(Field field, String value) {
    EnumMap<Field, String> changed = new EnumMap<>(values);
    changed.put(field, field.canonical(value));
    return new Scenario(template, changed).checked();
  }

  /// The same with several set at once: only all of them together must fit.
  public Scenario with(Map<Field, String> more) {
    EnumMap<Field, String> changed = new EnumMap<>(values);
    for (Map.Entry<Field, String> each : more.entrySet()) {
      changed.put(each.getKey(), each.getKey().canonical(each.getValue()));
    }
    return new Scenario(template, changed).checked();
  }

  /// What must hold between fields.
  private Scenario checked() {
    long nodes = whole(Field.NODES);
    long n = whole(Field.N);
    atMost(Field.N, nodes, "nodes");
    atMost(Field.R, n, "copies (n)");
    atMost(Field.W, n, "copies (n)");
    for (Failure failure : failures()) {
      if (failure.highest() >= nodes) {
        throw Field.FAIL.bad(
            failure.text()
                + " names node "
                + Failure.letter(failure.highest())
                + ", and the last of "
                + nodes
                + " is "
                + Failure.letter((int) nodes - 1));
      }
    }
    return this;
  }

  private void atMost(Field field, long most, String what) {
    if (whole(field) > most) {
      throw field.bad(text(field) + " is more than the " + most + " " + what);
    }
  }

  public Template template() {
    return template;
  }

  /// The value of `field` as it is written, with a decimal point.
  public String text(Field field) {
    return values.getOrDefault(field, "");
  }

  public long whole(Field field) {
    return Long.parseLong(text(field));
  }

  public double number(Field field) {
    return Double.parseDouble(text(field));
  }

  public boolean on(Field field) {
    return text(field).equals("on");
  }

  public Latency latency() {
    return Latency.parse(text(Field.LATENCY));
  }

  /// Between clients and nodes; null where it is the hop alone.
  public @Nullable Latency callLatency() {
    String text = text(Field.CALLS);
    return text.equals(Field.CALLS.otherwise()) ? null : Latency.parse(text);
  }

  public List<Failure> failures() {
    return Failure.parse(text(Field.FAIL));
  }

  /// R + W > N, and only owners count.
  public boolean isStrict() {
    return !on(Field.SLOPPY) && meets();
  }

  /// Whether other nodes can stand in for owners and count: only where there are more nodes than
  /// owners, and where they may keep hints.
  public boolean hasStandIns() {
    return on(Field.SLOPPY) && whole(Field.NODES) > whole(Field.N) && on(Field.HINTS);
  }

  /// Whether of values written at the same time the last one wins.
  public boolean lastWriteWins() {
    return text(Field.CONFLICT).equals("lww");
  }

  /// R + W > N.
  public boolean meets() {
    return whole(Field.R) + whole(Field.W) > whole(Field.N);
  }

  /// The one line.
  public String text() {
    StringBuilder text = new StringBuilder(VERSION).append('.').append(template.id());
    for (Field field : Field.values()) {
      String value = text(field);
      if (!value.equals(field.canonical(template.value(field)))) {
        text.append('.').append(field.id()).append('=').append(value.replace('.', '_'));
        text.append(field == Field.TIME ? "s" : "");
      }
    }
    return text.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Scenario scenario && text().equals(scenario.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  @Override
  public String toString() {
    return text();
  }

  /// The names of the nodes in lower case, `n1` first.
  List<String> nodes() {
    List<String> nodes = new java.util.ArrayList<>();
    for (int i = 0; i < whole(Field.NODES); i++) {
      nodes.add(Failure.name(i).toLowerCase(Locale.ROOT));
    }
    return nodes;
  }
}
