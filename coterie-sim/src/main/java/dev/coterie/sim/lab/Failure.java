// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Something that goes wrong at one moment of a run and is well again at another.
///
/// @param at and `until`: ms from the start of the run
/// @param sides the nodes that it strikes, by number from 0: one side, or two where links are cut;
///   a cut goes both ways, one-way only from the first side to the second
/// @param factor so many times slower; 1 where that says nothing. Of a clock: by how many ms it is
///   set, ahead or back
public record Failure(Kind kind, long at, long until, List<List<Integer>> sides, int factor) {
  /// Ways to fail.
  public enum Kind {
    /// Power is cut: what was not synced is gone. The node starts again at the end.
    CRASH,
    /// The same, and the disk is empty when it starts again.
    WIPE,
    /// The process stands still, as in a long garbage collection.
    PAUSE,
    /// No message passes between the sides.
    SPLIT,
    /// None passes from the first side to the second.
    ONEWAY,
    /// Messages to and from the node take longer.
    SLOW,
    /// Its disk takes longer to sync.
    DISK,
    /// Its wall clock is set ahead or back, and right again at the end.
    CLOCK;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final int MAX = 32;

  /// The end of what lasts to the end of any run, in ms.
  private static final long LASTS = 600_000;

  public Failure {
    sides = List.copyOf(sides);
  }

  /// The name of the node with this number: `n1`.
  public static String name(int node) {
    return "n" + (node + 1);
  }

  /// Its short name: A to Z, then AA.
  public static String letter(int node) {
    return node < 26 ? String.valueOf((char) ('A' + node)) : "A" + (char) ('A' + node - 26);
  }

  /// `none`, or failures joined by commas.
  static List<Failure> parse(String text) {
    List<Failure> found = new ArrayList<>();
    if (text.isEmpty() || text.equals("none")) {
      return found;
    }
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf(')', from);
      if (end < 0) {
        throw Field.FAIL.bad("'" + text.substring(from) + "' has no closing bracket");
      }
      found.add(one(text.substring(from, end + 1).strip()));
      if (found.size() > MAX) {
        throw Field.FAIL.bad("at most " + MAX + " failures");
      }
      from = end + 1;
      if (from < text.length()) {
        if (text.charAt(from) != ',') {
          throw Field.FAIL.bad("failures are joined by commas, not by '" + text.charAt(from) + "'");
        }
        from++;
        if (from == text.length()) {
          throw Field.FAIL.bad("nothing follows the last comma");
        }
      }
    }
    return found;
  }

  private static Failure one(String text) {
    int open = text.indexOf('(');
    String name = open < 0 ? text : text.substring(0, open);
    Kind kind = null;
    List<String> known = new ArrayList<>();
    for (Kind each : Kind.values()) {
      known.add(each.id());
      kind = each.id().equals(name) ? each : kind;
    }
    if (kind == null || open < 0) {
      throw Field.FAIL.bad("'" + text + "' is no failure; there are " + String.join(", ", known));
    }
    String[] parts = text.substring(open + 1, text.length() - 1).split(",", -1);
    if (kind == Kind.CLOCK) {
      return clock(text, parts);
    }
    boolean slows = kind == Kind.SLOW || kind == Kind.DISK;
    if (parts.length != (slows ? 4 : 3)) {
      throw Field.FAIL.bad(
          name + " takes from, until, " + (slows ? "node and xTIMES" : "who") + ", not " + text);
    }
    long at = millis(parts[0].strip());
    long until = millis(parts[1].strip());
    if (until <= at) {
      throw Field.FAIL.bad(text + " ends before it begins");
    }
    List<List<Integer>> sides = sides(kind, parts[2].strip());
    return new Failure(kind, at, until, sides, slows ? factor(parts[3].strip()) : 1);
  }

  /// `clock(2s,5s,B,+300ms)`; without the second time to the end of the run.
  private static Failure clock(String text, String[] parts) {
    if (parts.length != 3 && parts.length != 4) {
      throw Field.FAIL.bad("clock takes from, until where it ends, node and +-ms, not " + text);
    }
    int more = parts.length - 3;
    long at = millis(parts[0].strip());
    long until = more == 0 ? LASTS : millis(parts[1].strip());
    if (until <= at) {
      throw Field.FAIL.bad(text + " ends before it begins");
    }
    List<List<Integer>> sides = sides(Kind.CLOCK, parts[1 + more].strip());
    return new Failure(Kind.CLOCK, at, until, sides, offset(parts[2 + more].strip()));
  }

  private static int offset(String text) {
    boolean back = text.startsWith("-");
    long millis = millis(back || text.startsWith("+") ? text.substring(1) : text);
    if (millis == 0) {
      throw Field.FAIL.bad("'" + text + "' sets no clock");
    }
    return (int) (back ? -millis : millis);
  }

  private static int factor(String text) {
    try {
      int factor = text.startsWith("x") ? Integer.parseInt(text.substring(1)) : 0;
      if (factor >= 2 && factor <= 10_000) {
        return factor;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw Field.FAIL.bad("'" + text + "' is not from x2 to x10000");
  }

  private static List<List<Integer>> sides(Kind kind, String text) {
    String between = kind == Kind.SPLIT ? "|" : kind == Kind.ONEWAY ? ">" : "";
    List<List<Integer>> sides = new ArrayList<>();
    String[] parts =
        between.isEmpty()
            ? new String[] {text}
            : text.split(java.util.regex.Pattern.quote(between), -1);
    if (!between.isEmpty() && parts.length != 2) {
      throw Field.FAIL.bad("'" + text + "' has not two sides, such as A" + between + "B+C");
    }
    List<Integer> all = new ArrayList<>();
    for (String part : parts) {
      List<Integer> side = new ArrayList<>();
      for (String name : part.split("\\+", -1)) {
        int node = number(name.strip());
        if (all.contains(node)) {
          throw Field.FAIL.bad(letter(node) + " stands twice in '" + text + "'");
        }
        all.add(node);
        side.add(node);
      }
      side.sort(null);
      sides.add(List.copyOf(side));
    }
    return sides;
  }

  private static int number(String name) {
    for (int node = 0; node < Field.NODES.max(); node++) {
      if (letter(node).equals(name) || name(node).equals(name)) {
        return node;
      }
    }
    throw Field.FAIL.bad("'" + name + "' is no node; they are A, B, ... or n1, n2, ...");
  }

  private static long millis(String text) {
    boolean millis = text.endsWith("ms");
    String digits = text.endsWith("s") ? text.substring(0, text.length() - (millis ? 2 : 1)) : text;
    try {
      double value = Double.parseDouble(digits);
      if (value >= 0 && value <= 600_000 && text.endsWith("s")) {
        return StrictMath.round(millis ? value : value * 1000);
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw Field.FAIL.bad("'" + text + "' is no time such as 2s or 500ms");
  }

  private static String time(long millis) {
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  /// The highest number among the nodes that it strikes.
  int highest() {
    int highest = 0;
    for (List<Integer> side : sides) {
      for (int node : side) {
        highest = Math.max(highest, node);
      }
    }
    return highest;
  }

  static String text(List<Failure> failures) {
    StringBuilder text = new StringBuilder();
    for (Failure failure : failures) {
      text.append(text.isEmpty() ? "" : ",").append(failure.text());
    }
    return text.isEmpty() ? "none" : text.toString();
  }

  /// As a scenario says it.
  public String text() {
    return kind.id()
        + "("
        + time(at)
        + ","
        + time(until)
        + ","
        + who()
        + (kind == Kind.SLOW || kind == Kind.DISK ? ",x" + factor : "")
        + (kind == Kind.CLOCK ? (factor < 0 ? ",-" : ",+") + time(Math.abs(factor)) : "")
        + ")";
  }

  /// `A|B+C`.
  public String who() {
    StringBuilder text = new StringBuilder();
    for (List<Integer> side : sides) {
      text.append(text.isEmpty() ? "" : kind == Kind.ONEWAY ? ">" : "|");
      for (int i = 0; i < side.size(); i++) {
        text.append(i == 0 ? "" : "+").append(letter(side.get(i)));
      }
    }
    return text.toString();
  }
}
