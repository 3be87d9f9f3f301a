// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Failures as one says them, `split 2s..5s A|B,C`, where a scenario has `split(2s,5s,A|B+C)`;
/// several are parted by semicolons.
final class SpokenFailures {
  private static final Pattern ONE =
      Pattern.compile("([a-z]+)\\s+(\\S+?)\\.\\.(\\S+)\\s+(\\S+)(?:\\s+(\\S+))?");

  private SpokenFailures() {}

  /// As a scenario writes them; `text` itself where it is not said so.
  static String written(String text) {
    List<String> found = new ArrayList<>();
    for (String part : text.split(";", -1)) {
      Matcher one = ONE.matcher(part.strip());
      if (!one.matches()) {
        return text;
      }
      String size = one.group(5);
      found.add(
          one.group(1)
              + "("
              + String.join(",", one.group(2), one.group(3), one.group(4).replace(',', '+'))
              + (size == null ? "" : "," + size)
              + ")");
    }
    return String.join(",", found);
  }
}
