// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A transcript as text: blocks, apart from each other by blank lines. `#` begins a comment, at the
/// start of a line or behind a blank.
///
/// @param blocks in the order of the file
/// @param tail comments and blank lines behind the last block
public record Transcript(List<Block> blocks, List<String> tail) {
  /// One or more commands and what they are expected to print.
  ///
  /// @param before comments and blank lines in front of it, as they stand
  /// @param commands with their comments, as they stand
  /// @param line where the first command stands, from 1
  /// @param expected null where the block has no `----`: then its output is not compared
  public record Block(
      List<String> before, List<Command> commands, int line, @Nullable List<String> expected) {
    public Block {
      before = Collections.unmodifiableList(before);
      commands = Collections.unmodifiableList(commands);
    }
  }

  /// @param text as it stands
  /// @param line from 1
  public record Command(String text, int line) {
    /// Without its comment.
    String bare() {
      return Transcript.bare(text);
    }
  }

  private static final String RULE = "----";

  static String bare(String line) {
    if (line.startsWith("#")) {
      return "";
    }
    int comment = line.indexOf(" #");
    return (comment < 0 ? line : line.substring(0, comment)).strip();
  }

  public static Transcript parse(String text) {
    String[] lines = text.split("\n", -1);
    int end =
        lines.length > 0 && lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
    List<Block> blocks = new ArrayList<>();
    List<String> before = new ArrayList<>();
    int i = 0;
    while (i < end) {
      if (bare(lines[i]).isEmpty()) {
        before.add(lines[i++]);
        continue;
      }
      int first = i;
      List<Command> commands = new ArrayList<>();
      while (i < end && !lines[i].isBlank() && !lines[i].equals(RULE)) {
        commands.add(new Command(lines[i], i + 1));
        i++;
      }
      List<String> expected = null;
      if (i < end && lines[i].equals(RULE)) {
        i++;
        expected = new ArrayList<>();
        while (i < end && !lines[i].isBlank()) {
          expected.add(lines[i++].stripTrailing());
        }
      }
      blocks.add(new Block(before, commands, first + 1, expected));
      before = new ArrayList<>();
    }
    return new Transcript(blocks, before);
  }

  /// The file with `outputs`, one for each block, in place of what was expected. Blocks without
  /// `----` stay so.
  public String rewritten(List<List<String>> outputs) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      block.before().forEach(line -> text.append(line).append('\n'));
      block.commands().forEach(command -> text.append(command.text()).append('\n'));
      if (block.expected() != null) {
        text.append(RULE).append('\n');
        outputs.get(i).forEach(line -> text.append(line).append('\n'));
      }
    }
    tail.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
