// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.Advice;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.Template;
import dev.coterie.sim.lab.Tour;
import dev.coterie.sim.latency.LatencyPreset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What can be played, and what can be said of it beforehand.
public final class CatalogueJson {
  private CatalogueJson() {}

  public static Map<String, @Nullable Object> catalogue() {
    List<@Nullable Object> templates = new ArrayList<>();
    for (Template template : Template.values()) {
      templates.add(template(template));
    }
    List<@Nullable Object> fields = new ArrayList<>();
    for (Field field : Field.values()) {
      fields.add(field(field));
    }
    List<@Nullable Object> presets = new ArrayList<>();
    for (LatencyPreset preset : LatencyPreset.values()) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("id", preset.id());
      entry.put("label", preset.label());
      presets.add(entry);
    }
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("build", EngineBuild.id());
    body.put("templates", templates);
    body.put("fields", fields);
    body.put("presets", presets);
    return body;
  }

  private static Map<String, @Nullable Object> template(Template template) {
    Scenario scenario = Scenario.of(template);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (Field field : Field.values()) {
      fields.put(field.id(), value(scenario, field));
    }
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("id", template.id());
    entry.put("title", template.title());
    entry.put("question", template.question());
    entry.put("teaches", template.teaches());
    entry.put("scenario", scenario.text());
    entry.put("fields", fields);
    entry.put("tour", tour(template));
    return entry;
  }

  private static List<@Nullable Object> tour(Template template) {
    List<@Nullable Object> steps = new ArrayList<>();
    for (Tour.Step step : Tour.of(template)) {
      Map<String, @Nullable Object> doing = new LinkedHashMap<>();
      switch (step.doing()) {
        case Tour.Doing.Nothing _ -> {}
        case Tour.Doing.Play _ -> doing.put("play", true);
        case Tour.Doing.Seek(long millis) -> doing.put("seek", millis);
        case Tour.Doing.Set(Field field, String value) -> {
          doing.put("field", field.id());
          doing.put("value", value);
        }
        case Tour.Doing.OpenCard _ -> doing.put("open", "card");
        case Tour.Doing.Follow(Template next) -> doing.put("tour", next.id());
      }
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("say", step.say());
      entry.put("do", doing.isEmpty() ? null : doing);
      entry.put("look", step.look());
      steps.add(entry);
    }
    return steps;
  }

  private static Object value(Scenario scenario, Field field) {
    return switch (field.kind()) {
      case INT -> scenario.whole(field);
      case NUMBER -> number(scenario.number(field));
      case BOOL -> scenario.on(field);
      case CHOICE, TEXT -> scenario.text(field);
    };
  }

  private static Object number(double value) {
    return value == Math.rint(value) ? (Object) (long) value : (Object) value;
  }

  private static Map<String, @Nullable Object> field(Field field) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    boolean isNumber = field.kind() == Field.Kind.INT || field.kind() == Field.Kind.NUMBER;
    entry.put("name", field.id());
    entry.put("label", field.label());
    entry.put("unit", field.unit().isEmpty() ? null : field.unit());
    entry.put("kind", field.kind().name().toLowerCase(Locale.ROOT));
    entry.put("min", isNumber ? field.min() : null);
    entry.put("max", isNumber ? field.max() : null);
    entry.put("choices", field.choices().isEmpty() ? null : field.choices());
    entry.put("help", field.help());
    entry.put("group", field.group());
    return entry;
  }

  public static Map<String, @Nullable Object> verdict(Scenario scenario) {
    Advice advice = Advice.on(scenario);
    List<@Nullable Object> warnings = new ArrayList<>();
    for (Advice.Warning warning : advice.warnings()) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("code", warning.code().name());
      entry.put("sentence", warning.sentence());
      warnings.add(entry);
    }
    Map<String, @Nullable Object> closed = new LinkedHashMap<>();
    closed.put("miss", advice.miss());
    closed.put("olderRead", advice.olderRead());
    closed.put("notNewerRead", advice.notNewerRead());
    closed.put("busiestOwner", advice.busiestOwner());
    closed.put("leastLoad", Double.isNaN(advice.leastLoad()) ? null : advice.leastLoad());
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("scenario", scenario.text());
    body.put("sentence", advice.sentence());
    body.put("warnings", warnings);
    body.put("closed", closed);
    return body;
  }
}
