// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// A JSON value as a tree of `Map`, `List`, `String`, `Long`, `Double`, `Boolean` and null, with
/// the readers that return an empty default where something is absent or of another kind.
public final class Json {
  private static final int DEPTH_MAX = 16;
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /// Thrown for a text that is not JSON, or is nested more than 16 deep.
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String sentence) {
      super(sentence);
    }
  }

  public static @Nullable Object read(String text) throws Malformed {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new Malformed("empty");
      }
      Object value = value(parser, first, 0);
      if (parser.nextToken() != null) {
        throw new Malformed("more than one value");
      }
      return value;
    } catch (JacksonException e) {
      String sentence = String.valueOf(e.getOriginalMessage());
      int marker = sentence.indexOf(" (start marker at");
      throw new Malformed(marker < 0 ? sentence : sentence.substring(0, marker));
    }
  }

  private static @Nullable Object value(JsonParser parser, JsonToken token, int depth)
      throws Malformed {
    if (token.isStructStart() && depth >= DEPTH_MAX) {
      throw new Malformed("nested more than " + DEPTH_MAX + " deep");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = String.valueOf(parser.currentName());
          object.put(name, value(parser, parser.nextToken(), depth + 1));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          array.add(value(parser, next, depth + 1));
        }
        yield array;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> {
        try {
          yield parser.getLongValue();
        } catch (JacksonException _) {
          yield parser.getDoubleValue();
        }
      }
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /// `value` as indented text, ending in a line feed.
  public static String write(@Nullable Object value) {
    PrettyPrinter indented =
        new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    return written(value, indented) + "\n";
  }

  /// `value` on one line, without a line feed.
  public static String writeLine(@Nullable Object value) {
    return written(value, null);
  }

  private static String written(@Nullable Object value, @Nullable PrettyPrinter printer) {
    ObjectWriteContext context =
        new ObjectWriteContext.Base() {
          @Override
          public @Nullable PrettyPrinter getPrettyPrinter() {
            return printer;
          }

          @Override
          public boolean hasPrettyPrinter() {
            return printer != null;
          }
        };
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(context, out)) {
      write(generator, value);
    }
    return out.toString();
  }

  private static void write(JsonGenerator generator, @Nullable Object value) {
    switch (value) {
      case null -> generator.writeNull();
      case Map<?, ?> object -> {
        generator.writeStartObject();
        object.forEach(
            (name, member) -> {
              generator.writeName(String.valueOf(name));
              write(generator, member);
            });
        generator.writeEndObject();
      }
      case Collection<?> array -> {
        generator.writeStartArray();
        array.forEach(element -> write(generator, element));
        generator.writeEndArray();
      }
      case Boolean truth -> generator.writeBoolean(truth);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case Double number -> generator.writeNumber(number);
      default -> generator.writeString(value.toString());
    }
  }

  /// The member `name` of `object`; null where there is none.
  public static @Nullable Object member(@Nullable Object object, String name) {
    return object instanceof Map<?, ?> map ? map.get(name) : null;
  }

  /// The text that `name` holds; empty where there is none. Numbers and truth values as text.
  public static String text(@Nullable Object object, String name) {
    Object value = member(object, name);
    return value instanceof String || value instanceof Number || value instanceof Boolean
        ? value.toString()
        : "";
  }

  /// The whole number that `name` holds; 0 where there is none.
  public static long whole(@Nullable Object object, String name) {
    return member(object, name) instanceof Number number ? number.longValue() : 0;
  }

  /// Whether `name` holds `true`.
  public static boolean truth(@Nullable Object object, String name) {
    return Boolean.TRUE.equals(member(object, name));
  }

  /// What the array `name` holds; empty where there is none.
  public static List<@Nullable Object> list(@Nullable Object object, String name) {
    List<@Nullable Object> elements = new ArrayList<>();
    if (member(object, name) instanceof List<?> list) {
      elements.addAll(list);
    }
    return elements;
  }
}
