// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.coterie.core.base.NodeId;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Text of `key=value` lines, one fact each, readable with `cat`. Values hold no line break.
final class Lines {
  private final TreeMap<String, String> values = new TreeMap<>();

  private Lines() {}

  /// What is wrong with a text, as a sentence without the text itself.
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }

    Malformed(String message, NumberFormatException cause) {
      super(message, cause);
    }
  }

  static String line(String key, Object value) {
    return key + "=" + value + "\n";
  }

  static String hex(long bits) {
    return String.format(Locale.ROOT, "%016x", bits);
  }

  /// The CRC-32C of `body`, as the last line of a file says it.
  static String sum(String body) {
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(US_ASCII));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  static Lines parse(String text) throws Malformed {
    Lines lines = new Lines();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      int equals = line.indexOf('=');
      if (equals <= 0) {
        throw new Malformed("line " + number + " is not of the form key=value");
      }
      String key = line.substring(0, equals);
      if (lines.values.put(key, line.substring(equals + 1)) != null) {
        throw new Malformed("'" + key + "' is given twice");
      }
    }
    return lines;
  }

  String text(String key) throws Malformed {
    @Nullable String value = values.get(key);
    if (value == null) {
      throw new Malformed("'" + key + "' is missing");
    }
    return value;
  }

  /// A number from 0 to 2^63-1.
  long number(String key) throws Malformed {
    long number = parsed(key, 10);
    if (number < 0) {
      throw new Malformed("'" + key + "' is above 2^63-1");
    }
    return number;
  }

  /// 64 bits in hexadecimal.
  long bits(String key) throws Malformed {
    return parsed(key, 16);
  }

  private long parsed(String key, int radix) throws Malformed {
    try {
      return Long.parseUnsignedLong(text(key), radix);
    } catch (NumberFormatException e) {
      throw new Malformed("'" + key + "' is not a number", e);
    }
  }

  boolean truth(String key) throws Malformed {
    return switch (text(key)) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new Malformed("'" + key + "' is neither yes nor no");
    };
  }

  static String yesNo(boolean truth) {
    return truth ? "yes" : "no";
  }

  NodeId node(String key) throws Malformed {
    return nodeOf(key, text(key));
  }

  private static NodeId nodeOf(String key, String name) throws Malformed {
    if (!NodeId.valid(name)) {
      throw new Malformed("'" + key + "' is not a node id");
    }
    return new NodeId(name);
  }

  /// The values of the keys that consist of `prefix` and a node's id.
  SortedMap<NodeId, String> byNode(String prefix) throws Malformed {
    SortedMap<NodeId, String> found = new TreeMap<>();
    for (Map.Entry<String, String> line : values.entrySet()) {
      if (line.getKey().startsWith(prefix)) {
        found.put(nodeOf(line.getKey(), line.getKey().substring(prefix.length())), line.getValue());
      }
    }
    return found;
  }

  String clusterId(String key) throws Malformed {
    String id = text(key);
    if (!Identity.validClusterId(id)) {
      throw new Malformed("'" + key + "' is not a cluster id");
    }
    return id;
  }
}
