// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where in a TOML text each key stands, for messages to people. The parser that reads the values
/// keeps no lines, so this looks at the text again, line by line: table heads and `key =`. It is
/// exact for keys on lines of their own; for a key inside an inline table it is the first line that
/// assigns that name.
final class KeyLines {
  private static final Pattern TABLE = Pattern.compile("^\\s*(\\[\\[?)\\s*([^\\[\\]]+?)\\s*\\]");
  private static final Pattern ASSIGNMENT = Pattern.compile("^\\s*([A-Za-z0-9_.\"'-]+)\\s*=");

  private final String text;
  private final Map<String, Integer> lines = new LinkedHashMap<>();

  KeyLines(String text) {
    this.text = text;
    Map<String, Integer> repeats = new LinkedHashMap<>();
    String table = "";
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      Matcher head = TABLE.matcher(line);
      Matcher assignment = ASSIGNMENT.matcher(line);
      if (head.find()) {
        table = bare(head.group(2));
        if (head.group(1).length() == 2) {
          int index = repeats.merge(table, 1, Integer::sum) - 1;
          table = table + "[" + index + "]";
        }
        lines.putIfAbsent(table, number);
      } else if (assignment.find()) {
        String name = bare(assignment.group(1));
        lines.putIfAbsent(table.isEmpty() ? name : table + "." + name, number);
      }
    }
  }

  private static String bare(String name) {
    return name.replaceAll("[\"'\\s]", "");
  }

  /// `line 12: ` for the key or table at `path` (`http.listen`, `cluster.members[1].peer`); empty
  /// where it cannot be told.
  String prefix(String path) {
    Integer line = lines.get(path);
    if (line != null) {
      return "line " + line + ": ";
    }
    String name = path.substring(path.lastIndexOf('.') + 1);
    Pattern inline = Pattern.compile("(^|[\\s{,.\"'])" + Pattern.quote(name) + "[\"']?\\s*=");
    int number = 0;
    for (String candidate : text.split("\n", -1)) {
      number++;
      if (inline.matcher(candidate).find()) {
        return "line " + number + ": ";
      }
    }
    return "";
  }
}
