// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.sim.latency.Latency;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What can be set in a scenario, in the order in which its text names it. Options of the command
/// line, controls of the page and the table in the manual are made from this.
public enum Field {
  NODES(Kind.INT, "cluster", "nodes", "", 3, 32, "5", "Machines, one node each: n1, n2, ..."),
  N(Kind.INT, "quorum", "N", "", 1, 7, "3", "Copies of each key, each on a machine of its own."),
  R(Kind.INT, "quorum", "R", "", 1, 7, "2", "Replies that a read waits for."),
  W(Kind.INT, "quorum", "W", "", 1, 7, "2", "Durable copies that a write waits for."),
  SLOPPY(
      Kind.BOOL,
      "quorum",
      "sloppy",
      "",
      "off",
      "",
      "Whether other nodes stand in for owners that cannot be reached, and count."),
  CONFLICT(
      Kind.CHOICE,
      "quorum",
      "conflict",
      "",
      "siblings",
      "siblings lww",
      "What becomes of values written at the same time: all are kept as siblings, or the last one by"
          + " the clocks wins and the others are lost."),
  REPAIR(
      Kind.CHOICE,
      "repair",
      "read repair",
      "",
      "async",
      "none async blocking",
      "What a read does with owners that it finds stale: nothing, mend them behind the answer, or"
          + " mend them before it (as reads with a session do)."),
  HINTS(
      Kind.BOOL,
      "repair",
      "hints",
      "",
      "on",
      "",
      "Whether other nodes keep writes for owners that cannot be reached."),
  HINTCAP(
      Kind.INT,
      "repair",
      "hints cap",
      "KiB",
      0,
      1_048_576,
      "0",
      "Hints that a node keeps at most; it refuses more. 0: as many as a node does by itself, 1 GiB,"
          + " and 256 MiB for one owner."),
  EXCHANGE(
      Kind.INT,
      "repair",
      "anti-entropy",
      "ms",
      0,
      60_000,
      "3000",
      "Least time between two exchanges of the same two owners; 0: none."),
  TREES(
      Kind.INT,
      "repair",
      "hash trees",
      "ms",
      0,
      600_000,
      "0",
      "How often owners compare their hash trees; 0: never within a run."),
  COORDINATOR(
      Kind.CHOICE,
      "cluster",
      "coordinator",
      "",
      "owner",
      "owner any",
      "Whom clients call: an owner of the key, or any node, which hands the request to one."),
  ASK(
      Kind.CHOICE,
      "quorum",
      "reads ask",
      "",
      "r",
      "r all",
      "How many owners a read asks at once: R, or all N and the first R count."),
  LINK(
      Kind.CHOICE,
      "network",
      "links",
      "",
      "fifo",
      "fifo unordered",
      "Whether messages of a link keep their order, as on one connection."),
  LATENCY(
      Kind.TEXT,
      "network",
      "latency",
      "ms",
      "lan",
      "",
      "One-way delays between nodes: a preset, const(ms), exp(mean), lognormal(median,sigma),"
          + " mix(share,scale,alpha,lambda), or MODEL/MODEL for writes and the rest."),
  LOSS(Kind.NUMBER, "network", "loss", "%", 0, 50, "0", "Messages that are lost."),
  DUP(Kind.NUMBER, "network", "duplication", "%", 0, 50, "0", "Messages that arrive twice."),
  SKEW(
      Kind.INT,
      "network",
      "clock skew",
      "ms",
      0,
      10_000,
      "0",
      "How far the wall clock of each node is off, drawn between minus and plus this."),
  SYNC(Kind.NUMBER, "network", "fsync", "ms", 0, 1000, "0.2", "How long a disk takes to sync."),
  HOP(
      Kind.NUMBER,
      "network",
      "client hop",
      "ms",
      0,
      1000,
      "0.2",
      "How long a call takes from its client to a node, and the answer back."),
  CALLS(
      Kind.TEXT,
      "network",
      "client latency",
      "ms",
      "hop",
      "",
      "One-way delays between clients and nodes: hop, for the client hop as it is, or what latency"
          + " takes; the first of two models is for the way there of writes."),
  CLIENTS(Kind.INT, "workload", "clients", "", 1, 1000, "8", "Clients."),
  RATE(
      Kind.INT,
      "workload",
      "rate",
      "ops/s",
      1,
      5000,
      "100",
      "Operations of all clients together, at random times."),
  READS(Kind.NUMBER, "workload", "reads", "%", 0, 100, "50", "Operations that are reads."),
  KEYS(Kind.INT, "workload", "keys", "", 1, 1000, "20", "Keys."),
  ZIPF(
      Kind.NUMBER,
      "workload",
      "skew",
      "",
      0,
      3,
      "0",
      "Zipf's exponent: 0, all keys alike; about 1, a few are hot."),
  WRITERS(
      Kind.CHOICE,
      "workload",
      "writers",
      "",
      "edit",
      "edit own any",
      "Who writes: the client that has just read the key (edit), the one client that owns it (own),"
          + " or any client with what it last knew of it (any)."),
  VALUE(Kind.INT, "workload", "value", "bytes", 16, 65_536, "100", "Size of a value."),
  TIMEOUT(
      Kind.INT,
      "workload",
      "timeout",
      "ms",
      20,
      10_000,
      "1000",
      "How long a client waits; then the outcome of a write is unknown."),
  HEDGE(
      Kind.BOOL,
      "quorum",
      "hedging",
      "",
      "on",
      "",
      "Whether a read that is late asks one more owner."),
  FAIL(
      Kind.TEXT,
      "failures",
      "failures",
      "",
      "none",
      "",
      "What fails when: crash(2s,5s,B), wipe(..), pause(..), split(2s,5s,A|B+C),"
          + " oneway(2s,5s,A>B), slow(2s,5s,B,x10), disk(2s,5s,B,x50), clock(2s,5s,B,+300ms), joined by"
          + " commas."),
  SEED(
      Kind.INT,
      "run",
      "seed",
      "",
      0,
      9_007_199_254_740_991L,
      "42",
      "Everything that is drawn follows from it."),
  TIME(Kind.INT, "run", "time", "s", 1, 600, "20", "How long clients go on, in simulated time.");

  /// How a value is written, and what a page offers to set it.
  public enum Kind {
    INT,
    NUMBER,
    CHOICE,
    BOOL,
    TEXT
  }

  private final Kind kind;
  private final String group;
  private final String label;
  private final String unit;
  private final long min;
  private final long max;
  private final String otherwise;
  private final String choices;
  private final String help;

  Field(
      Kind kind,
      String group,
      String label,
      String unit,
      long min,
      long max,
      String otherwise,
      String help) {
    this.kind = kind;
    this.group = group;
    this.label = label;
    this.unit = unit;
    this.min = min;
    this.max = max;
    this.otherwise = otherwise;
    this.choices = "";
    this.help = help;
  }

  Field(
      Kind kind,
      String group,
      String label,
      String unit,
      String otherwise,
      String choices,
      String help) {
    this.kind = kind;
    this.group = group;
    this.label = label;
    this.unit = unit;
    this.min = 0;
    this.max = 0;
    this.otherwise = otherwise;
    this.choices = choices;
    this.help = help;
  }

  /// As scenarios and options name it.
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Kind kind() {
    return kind;
  }

  public String group() {
    return group;
  }

  public String label() {
    return label;
  }

  public String unit() {
    return unit;
  }

  /// The least number, where it is one.
  public long min() {
    return min;
  }

  public long max() {
    return max;
  }

  /// What holds where neither scenario nor template says anything.
  public String otherwise() {
    return otherwise;
  }

  /// What may be chosen, where it is a choice.
  public List<String> choices() {
    return choices.isEmpty() ? List.of() : List.of(choices.split(" ", -1));
  }

  /// One sentence.
  public String help() {
    return help;
  }

  /// The field with this name; null for none.
  public static @Nullable Field of(String id) {
    for (Field field : values()) {
      if (field.id().equals(id)) {
        return field;
      }
    }
    return null;
  }

  /// `text` in the one way in which scenarios write it.
  ///
  /// @throws ScenarioException where it is no value of this field
  public String canonical(String text) {
    return switch (kind) {
      case INT -> Long.toString(whole(text));
      case NUMBER -> number(text);
      case BOOL ->
          switch (text) {
            case "on", "true", "yes" -> "on";
            case "off", "false", "no" -> "off";
            default -> throw bad("'" + text + "' is neither on nor off");
          };
      case CHOICE -> {
        if (!choices().contains(text)) {
          throw bad("'" + text + "' is none of " + String.join(", ", choices()));
        }
        yield text;
      }
      case TEXT ->
          switch (this) {
            case LATENCY -> latency(text);
            case CALLS -> text.equals(CALLS.otherwise) ? text : latency(text);
            default -> Failure.text(Failure.parse(text));
          };
    };
  }

  private long whole(String text) {
    String digits =
        this == TIME && text.endsWith("s") ? text.substring(0, text.length() - 1) : text;
    long factor = 1;
    if (this == TIME && text.endsWith("m")) {
      digits = text.substring(0, text.length() - 1);
      factor = 60;
    }
    long value;
    try {
      value = Math.multiplyExact(Long.parseLong(digits), factor);
    } catch (NumberFormatException | ArithmeticException _) {
      throw bad("'" + text + "' is not a whole number");
    }
    if (value < min || value > max) {
      throw bad(text + " is not from " + min + " to " + max + (unit.isEmpty() ? "" : " " + unit));
    }
    return value;
  }

  private String number(String text) {
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw bad("'" + text + "' is not a number");
    }
    if (!(value >= min && value <= max)) {
      throw bad(text + " is not from " + min + " to " + max + (unit.isEmpty() ? "" : " " + unit));
    }
    double rounded = StrictMath.rint(value * 10_000) / 10_000;
    return rounded == StrictMath.rint(rounded)
        ? Long.toString((long) rounded)
        : Double.toString(rounded);
  }

  private String latency(String text) {
    try {
      return Latency.parse(text).text();
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  ScenarioException bad(String sentence) {
    return new ScenarioException(ScenarioException.Code.BAD_VALUE, id(), id() + ": " + sentence);
  }
}
