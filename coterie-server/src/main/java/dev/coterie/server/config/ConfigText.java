// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The table of keys for people: a commented file, and tables in Markdown.
public final class ConfigText {
  private static final int WIDTH = 98;
  private static final Map<String, String> EXAMPLES =
      Map.of(
          "node.id", "\"n1\"",
          "cluster.id", "\"shop\"",
          "cluster.members.id", "\"n1\"",
          "cluster.members.peer", "\"127.0.0.1:8099\"");

  private ConfigText() {}

  /// A whole file with every key, its default, and what it costs; it loads as it is (with a secret
  /// file beside it), as a cluster of one node.
  public static String commentedFile() {
    StringBuilder out = new StringBuilder();
    out.append("# Configuration of one Coterie node. Every key stands here with its default;\n");
    out.append(
        "# a key that is left out has that default. Start with: ./coterie node --config FILE\n");
    for (ConfigKeys.Section section : ConfigKeys.SECTIONS) {
      out.append('\n');
      if (!section.name().isEmpty()) {
        comment(out, section.what() + ".");
        out.append(section.repeated() ? "[[" : "[").append(section.name());
        out.append(section.repeated() ? "]]\n" : "]\n");
      }
      for (ConfigKey<?> key : section.keys()) {
        out.append('\n');
        comment(out, key.what() + ".");
        comment(out, form(key) + ".");
        if (!key.more().isEmpty()) {
          comment(out, moreWord(key) + ": " + key.more() + ".");
        }
        if (!key.less().isEmpty()) {
          comment(out, lessWord(key) + ": " + key.less() + ".");
        }
        String value =
            key.isRequired() ? EXAMPLES.getOrDefault(key.path(), "\"\"") : key.standard();
        out.append(key.name()).append(" = ").append(value).append('\n');
      }
    }
    return out.toString();
  }

  /// One Markdown table per section, for `docs/operations.md`.
  public static String markdown() {
    StringBuilder out = new StringBuilder();
    for (ConfigKeys.Section section : ConfigKeys.SECTIONS) {
      out.append("### ");
      if (section.name().isEmpty()) {
        out.append(section.what());
      } else {
        out.append('`').append(section.repeated() ? "[[" : "[").append(section.name());
        out.append(section.repeated() ? "]]" : "]").append("`: ").append(section.what());
      }
      out.append("\n\n| key | what | default | form | more | less |\n|--|--|--|--|--|--|\n");
      for (ConfigKey<?> key : section.keys()) {
        String unit = key.unit();
        out.append("| `").append(key.name()).append("` | ").append(key.what()).append(" | ");
        out.append(key.isRequired() ? "(must be given)" : "`" + key.standard() + "`").append(" | ");
        out.append(key.shape().rule()).append(unit.isEmpty() ? "" : ", " + unit).append(" | ");
        out.append(key.more()).append(" | ").append(key.less()).append(" |\n");
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static String form(ConfigKey<?> key) {
    String unit = key.unit().isEmpty() ? "" : " (" + key.unit() + ")";
    String rule = key.shape().rule();
    return Character.toUpperCase(rule.charAt(0))
        + rule.substring(1)
        + unit
        + (key.isRequired() ? "; must be given" : "; default " + key.standard());
  }

  private static String moreWord(ConfigKey<?> key) {
    return key.shape() instanceof Shape.Flag ? "True" : "More";
  }

  private static String lessWord(ConfigKey<?> key) {
    return key.shape() instanceof Shape.Flag ? "False" : "Less";
  }

  private static void comment(StringBuilder out, String sentence) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder("#");
    for (String word : sentence.split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder("#");
      }
      line.append(' ').append(word);
    }
    lines.add(line.toString());
    for (String done : lines) {
      out.append(done).append('\n');
    }
  }
}
