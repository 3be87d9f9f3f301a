// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.ring.Member;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// The form of a key's value: what may be written, and what is read from it.
///
/// @param <T> what is read
public sealed interface Shape<T> {
  /// For people: `whole number from 1 to 64`.
  String rule();

  /// The value that `node` holds.
  ///
  /// @throws ConfigRefusal saying what it must be and what it was
  T read(JsonNode node) throws ConfigRefusal;

  /// A whole number in `[min, max]`; `unit` may be empty.
  record Whole(long min, long max, String unit) implements Shape<Long> {
    @Override
    public String rule() {
      return "a whole number from " + grouped(min) + " to " + grouped(max);
    }

    @Override
    public Long read(JsonNode node) throws ConfigRefusal {
      if (!node.isIntegralNumber()
          || !node.canConvertToLong()
          || node.longValue() < min
          || node.longValue() > max) {
        throw mustBe(this, node);
      }
      return node.longValue();
    }
  }

  /// A number in `[min, max]`, whole or not.
  record Decimal(double min, double max, String unit) implements Shape<Double> {
    @Override
    public String rule() {
      return "a number from " + plain(min) + " to " + plain(max);
    }

    @Override
    public Double read(JsonNode node) throws ConfigRefusal {
      if (!node.isNumber() || !(node.doubleValue() >= min && node.doubleValue() <= max)) {
        throw mustBe(this, node);
      }
      return node.doubleValue();
    }

    private static String plain(double number) {
      return number == Math.rint(number) ? grouped((long) number) : Double.toString(number);
    }
  }

  /// A whole number that is a power of two in `[min, max]`.
  record PowerOfTwo(long min, long max) implements Shape<Long> {
    @Override
    public String rule() {
      return "a power of two from " + grouped(min) + " to " + grouped(max);
    }

    @Override
    public Long read(JsonNode node) throws ConfigRefusal {
      if (!node.isIntegralNumber()
          || !node.canConvertToLong()
          || node.longValue() < min
          || node.longValue() > max
          || Long.bitCount(node.longValue()) != 1) {
        throw mustBe(this, node);
      }
      return node.longValue();
    }
  }

  /// `true` or `false`.
  record Flag() implements Shape<Boolean> {
    @Override
    public String rule() {
      return "true or false";
    }

    @Override
    public Boolean read(JsonNode node) throws ConfigRefusal {
      if (!node.isBoolean()) {
        throw mustBe(this, node);
      }
      return node.booleanValue();
    }
  }

  /// The name of a node or a cluster.
  record Name() implements Shape<String> {
    @Override
    public String rule() {
      return "1 to " + NodeId.LENGTH_MAX + " characters of a-z, 0-9, '.', '_' or '-'";
    }

    @Override
    public String read(JsonNode node) throws ConfigRefusal {
      if (!node.isString() || !NodeId.valid(node.stringValue())) {
        throw mustBe(this, node);
      }
      return node.stringValue();
    }
  }

  /// A label of a machine, a rack or a zone; may be empty.
  record Label() implements Shape<String> {
    @Override
    public String rule() {
      return "text of at most " + Member.LABEL_LENGTH_MAX + " characters, no spaces";
    }

    @Override
    public String read(JsonNode node) throws ConfigRefusal {
      if (!node.isString()
          || node.stringValue().length() > Member.LABEL_LENGTH_MAX
          || node.stringValue().chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
        throw mustBe(this, node);
      }
      return node.stringValue();
    }
  }

  /// A path; relative ones are counted from the folder of the configuration file.
  record PathText(boolean required) implements Shape<String> {
    @Override
    public String rule() {
      String none = required ? "" : ", or \"\" for none";
      return "a path" + none + "; a relative one starts at this file's folder";
    }

    @Override
    public String read(JsonNode node) throws ConfigRefusal {
      if (!node.isString()
          || (required && node.stringValue().isEmpty())
          || node.stringValue().indexOf(0) >= 0) {
        throw mustBe(this, node);
      }
      return node.stringValue();
    }
  }

  /// One of a few words.
  record Word(List<String> words) implements Shape<String> {
    @Override
    public String rule() {
      return "one of " + String.join(", ", words);
    }

    @Override
    public String read(JsonNode node) throws ConfigRefusal {
      if (!node.isString() || !words.contains(node.stringValue())) {
        throw mustBe(this, node);
      }
      return node.stringValue();
    }
  }

  /// `host:port`.
  record Address() implements Shape<HostPort> {
    @Override
    public String rule() {
      return "\"host:port\"";
    }

    @Override
    public HostPort read(JsonNode node) throws ConfigRefusal {
      HostPort address = node.isString() ? HostPort.parse(node.stringValue()) : null;
      if (address == null) {
        throw mustBe(this, node);
      }
      return address;
    }
  }

  private static ConfigRefusal mustBe(Shape<?> shape, JsonNode node) {
    String was = node.toString();
    return new ConfigRefusal(
        "must be "
            + shape.rule()
            + ", but was "
            + (was.length() > 80 ? was.substring(0, 80) + "…" : was));
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
