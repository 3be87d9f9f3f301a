// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A module's source files, for the two things that class files do not show: comments that permit a
/// use, and `synchronized` blocks. Remembers which permits were asked for.
final class Sources {
  private static final Pattern PERMIT = Pattern.compile("^\\s*permit:\\s*\\S");
  private static final Pattern SYNCHRONIZED = Pattern.compile("\\bsynchronized\\b");
  private static final Pattern BLANK_OR_COMMENT = Pattern.compile("\\s*");

  /// Per file, as `package/File.java`, its lines from 1 on.
  private final Map<String, List<Line>> files = new TreeMap<>();

  private final TreeSet<String> used = new TreeSet<>();

  private Sources() {}

  /// A line taken apart.
  ///
  /// @param code what the compiler reads, without the content of strings
  /// @param comment the text of the line's `//` comment, empty if none
  private record Line(String code, String comment) {}

  static Sources read(Path root) {
    Sources sources = new Sources();
    try (Stream<Path> found = Files.walk(root)) {
      for (Path file : found.filter(path -> path.toString().endsWith(".java")).toList()) {
        String name = root.relativize(file).toString().replace('\\', '/');
        sources.files.put(name, split(Files.readString(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the sources under " + root, e);
    }
    return sources;
  }

  /// True when the line of `use`, or the comment line above it, has a permit; it then counts as
  /// used.
  boolean permit(Use use) {
    String file =
        use.in().substring(0, use.in().lastIndexOf('.') + 1).replace('.', '/') + use.file();
    List<Line> lines = files.get(file);
    if (lines == null) {
      return false;
    }
    if (use.line() > 0) {
      return permitAt(file, lines, use.line());
    }
    Pattern name = Pattern.compile("\\b" + Pattern.quote(use.simpleType()) + "\\b");
    boolean permitted = false;
    for (int number = 1; number <= lines.size(); number++) {
      String code = lines.get(number - 1).code();
      if (name.matcher(code).find() && !code.startsWith("import ")) {
        permitted |= permitAt(file, lines, number);
      }
    }
    return permitted;
  }

  private boolean permitAt(String file, List<Line> lines, int number) {
    if (isPermit(lines, number)) {
      used.add(file + ":" + number);
      return true;
    }
    boolean alone = number > 1 && BLANK_OR_COMMENT.matcher(lines.get(number - 2).code()).matches();
    if (alone && isPermit(lines, number - 1)) {
      used.add(file + ":" + (number - 1));
      return true;
    }
    return false;
  }

  private static boolean isPermit(List<Line> lines, int number) {
    return number <= lines.size() && PERMIT.matcher(lines.get(number - 1).comment()).find();
  }

  /// Every method or block that is `synchronized`.
  List<Use> synchronizedUses() {
    List<Use> uses = new ArrayList<>();
    files.forEach(
        (file, lines) -> {
          String in = file.substring(0, file.length() - ".java".length()).replace('/', '.');
          String name = file.substring(file.lastIndexOf('/') + 1);
          for (int number = 1; number <= lines.size(); number++) {
            if (SYNCHRONIZED.matcher(lines.get(number - 1).code()).find()) {
              uses.add(new Use(in, name, number, Use.SYNCHRONIZED, "", List.of()));
            }
          }
        });
    return uses;
  }

  int permitsUsed() {
    return used.size();
  }

  /// Permits that nobody asked for, as `package/File.java:line`.
  List<String> idlePermits() {
    List<String> idle = new ArrayList<>();
    files.forEach(
        (file, lines) -> {
          for (int number = 1; number <= lines.size(); number++) {
            if (isPermit(lines, number) && !used.contains(file + ":" + number)) {
              idle.add(file + ":" + number);
            }
          }
        });
    return idle;
  }

  private enum In {
    CODE,
    STRING,
    TEXT_BLOCK,
    CHARACTER,
    BLOCK_COMMENT
  }

  private static List<Line> split(String text) {
    List<Line> lines = new ArrayList<>();
    In in = In.CODE;
    for (String line : text.split("\n", -1)) {
      StringBuilder code = new StringBuilder();
      String comment = "";
      for (int i = 0; i < line.length(); i++) {
        char c = line.charAt(i);
        switch (in) {
          case CODE -> {
            if (line.startsWith("//", i)) {
              comment = line.substring(i + 2);
              i = line.length();
            } else if (line.startsWith("/*", i)) {
              in = In.BLOCK_COMMENT;
              i++;
            } else if (line.startsWith("\"\"\"", i)) {
              in = In.TEXT_BLOCK;
              i += 2;
            } else if (c == '"') {
              in = In.STRING;
            } else if (c == '\'') {
              in = In.CHARACTER;
            } else {
              code.append(c);
            }
          }
          case STRING, CHARACTER -> {
            if (c == '\\') {
              i++;
            } else if (c == (in == In.STRING ? '"' : '\'')) {
              in = In.CODE;
              code.append(' ').append('_');
            }
          }
          case TEXT_BLOCK -> {
            if (c == '\\') {
              i++;
            } else if (line.startsWith("\"\"\"", i)) {
              in = In.CODE;
              i += 2;
            }
          }
          case BLOCK_COMMENT -> {
            if (line.startsWith("*/", i)) {
              in = In.CODE;
              i++;
            }
          }
        }
      }
      lines.add(new Line(code.toString(), comment));
    }
    return lines;
  }
}
