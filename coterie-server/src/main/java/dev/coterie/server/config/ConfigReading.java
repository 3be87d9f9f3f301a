// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// The values of a TOML text by the keys of [ConfigKeys], defaults filled in, and a sentence for
/// each thing that is wrong with it: syntax, unknown keys, missing keys, wrong forms, out of range.
final class ConfigReading {
  /// The values of one table.
  record Table(Map<String, Object> values) {
    /// The value of `key`, which must be of this table.
    @SuppressWarnings("unchecked") // put there by the same key's shape
    <T> T value(ConfigKey<T> key) {
      return (T) Objects.requireNonNull(values.get(key.name()), key.path());
    }
  }

  private static final String MEMBERS = "cluster.members";

  private final TomlMapper toml = new TomlMapper();
  private final KeyLines lines;
  private final List<String> sentences = new ArrayList<>();
  private final Map<String, Table> tables = new LinkedHashMap<>();
  private final List<Table> members = new ArrayList<>();

  ConfigReading(String text) {
    this.lines = new KeyLines(text);
    JsonNode root;
    try {
      root = toml.readTree(text);
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      sentences.add(
          (at == null ? "" : "line " + at.getLineNr() + ": ")
              + "not TOML: "
              + e.getOriginalMessage()
              + " (texts stand in quotes, tables in [brackets])");
      return;
    }
    for (ConfigKeys.Section section : ConfigKeys.SECTIONS) {
      if (!section.repeated()) {
        JsonNode table = at(root, section.name());
        refuseUnknown(section, section.name(), table);
        tables.put(section.name(), read(section, section.name(), table));
      }
    }
    readMembers(at(root, MEMBERS));
  }

  /// What is wrong, in the order of the sections; empty for a text that can be used.
  List<String> sentences() {
    return Collections.unmodifiableList(sentences);
  }

  <T> T value(ConfigKey<T> key) {
    return Objects.requireNonNull(tables.get(key.section()), key.section()).value(key);
  }

  List<Table> members() {
    return Collections.unmodifiableList(members);
  }

  private static JsonNode at(JsonNode root, String section) {
    JsonNode node = root;
    if (!section.isEmpty()) {
      for (String step : section.split("\\.", -1)) {
        node = node.path(step);
      }
    }
    return node;
  }

  private void readMembers(JsonNode entries) {
    ConfigKeys.Section section = ConfigKeys.section(MEMBERS);
    if (!entries.isArray() || entries.isEmpty()) {
      sentences.add(
          lines.prefix(MEMBERS)
              + "cluster.members must list every node, this one included: a [[cluster.members]]"
              + " table with id and peer for each");
      return;
    }
    int index = 0;
    for (JsonNode entry : entries) {
      String path = MEMBERS + "[" + index++ + "]";
      if (entry.isObject()) {
        refuseUnknown(section, path, entry);
        members.add(read(section, path, entry));
      } else {
        sentences.add(lines.prefix(path) + path + " must be a table with id and peer");
      }
    }
  }

  private void refuseUnknown(ConfigKeys.Section section, String path, JsonNode table) {
    if (table.isMissingNode()) {
      return;
    }
    if (!table.isObject()) {
      sentences.add(lines.prefix(path) + path + " must be a table: [" + section.name() + "]");
      return;
    }
    for (String name : table.propertyNames()) {
      String full = path.isEmpty() ? name : path + "." + name;
      if (!isKnown(section, name)) {
        sentences.add(lines.prefix(full) + Suggestion.forUnknown(section, full, name));
      }
    }
  }

  private static boolean isKnown(ConfigKeys.Section section, String name) {
    String full = section.name().isEmpty() ? name : section.name() + "." + name;
    return section.keys().stream().anyMatch(key -> key.name().equals(name))
        || ConfigKeys.SECTIONS.stream().anyMatch(other -> other.name().equals(full));
  }

  private Table read(ConfigKeys.Section section, String path, JsonNode table) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (ConfigKey<?> key : section.keys()) {
      String full = path.isEmpty() ? key.name() : path + "." + key.name();
      JsonNode node = table.path(key.name());
      try {
        if (!node.isMissingNode()) {
          values.put(key.name(), read(key, node));
        } else if (key.isRequired()) {
          sentences.add(
              lines.prefix(path)
                  + full
                  + " is missing ("
                  + key.what()
                  + "; "
                  + key.shape().rule()
                  + ")");
        } else {
          values.put(key.name(), read(key, standard(key)));
        }
      } catch (ConfigRefusal refusal) {
        sentences.add(lines.prefix(full) + full + " " + refusal.sentence());
      }
    }
    return new Table(values);
  }

  private static Object read(ConfigKey<?> key, JsonNode node) throws ConfigRefusal {
    return Objects.requireNonNull(key.shape().read(node));
  }

  private JsonNode standard(ConfigKey<?> key) {
    return toml.readTree("it = " + key.standard()).path("it");
  }
}
