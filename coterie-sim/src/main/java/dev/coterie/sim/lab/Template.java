// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.sim.lab.ScenarioException.Code;
import java.util.Locale;

/// A scenario to begin with: settings that belong together, a question, and what its answer
/// teaches.
public enum Template {
  CART(
      "Shopping cart",
      "Two phones fill one cart while the network is split. Does all they put in survive?",
      "A sloppy quorum goes on writing on both sides of a cut. Carts written apart become siblings:"
          + " nothing is lost, and the next writer merges them."),
  IOT(
      "IoT ingest",
      "A node stands still for three seconds. What do sensors notice, and who pays for it?",
      "With W=1 writes go on at full speed. The price comes later: hints are handed over, and what"
          + " no hint brings leaves reads stale."),
  SOCIAL(
      "Social feed",
      "R=1 is fast. How often is a timeline out of date, and by how much?",
      "R+W is not more than N here: a write is acknowledged by two owners while the third still"
          + " answers from the past, for as long as the slowest message takes."),
  CATALOGUE(
      "Product catalogue",
      "Reads must be fast and never stale. What does that cost?",
      "R=1, W=N: every read meets every write, and one node down stops all writes to its keys."),
  CHAT(
      "Group chat",
      "Five copies, majorities for both. What does a room see while two nodes are cut off?",
      "R+W>N with N=5 goes on with two owners lost, and no read misses an acknowledged message; the"
          + " smaller side refuses."),
  SESSION(
      "Session store",
      "Each session is overwritten as a whole, and the last write wins. Whose login is lost?",
      "Last-write-wins keeps one of the writes made at the same time, by clocks that are never quite"
          + " right: an acknowledged login can lose against an earlier one."),
  PBS(
      "PBS lab",
      "How long after a write is a read at R=1 likely to see it?",
      "Staleness of a partial quorum is a race: the answer is a curve over the time since the"
          + " write, and it follows from the delays alone.");

  private final String title;
  private final String question;
  private final String teaches;

  Template(String title, String question, String teaches) {
    this.title = title;
    this.question = question;
    this.teaches = teaches;
  }

  /// As scenarios name it.
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String title() {
    return title;
  }

  public String question() {
    return question;
  }

  public String teaches() {
    return teaches;
  }

  /// The template with this name.
  ///
  /// @throws ScenarioException where there is none
  public static Template of(String id) {
    StringBuilder known = new StringBuilder();
    for (Template template : values()) {
      if (template.id().equals(id)) {
        return template;
      }
      known.append(known.isEmpty() ? "" : ", ").append(template.id());
    }
    throw new ScenarioException(
        Code.UNKNOWN_TEMPLATE, "", "there is no template '" + id + "'; there are " + known);
  }

  /// What it sets `field` to.
  public String value(Field field) {
    String own =
        switch (this) {
          case CART ->
              switch (field) {
                case SLOPPY -> "on";
                case COORDINATOR -> "any";
                case LATENCY -> "lnkd-ssd";
                case VALUE -> "400";
                case FAIL -> "split(5s,10s,A+B|C+D+E)";
                default -> "";
              };
          case IOT ->
              switch (field) {
                case R, W -> "1";
                case SLOPPY -> "on";
                case READS -> "5";
                case RATE -> "300";
                case CLIENTS, KEYS -> "100";
                case WRITERS -> "own";
                case VALUE -> "64";
                case FAIL -> "pause(5s,8s,B)";
                default -> "";
              };
          case SOCIAL ->
              switch (field) {
                case R -> "1";
                case LATENCY -> "lnkd-disk";
                case READS -> "95";
                case RATE -> "300";
                case CLIENTS -> "20";
                case KEYS -> "100";
                case ZIPF -> "1.1";
                case WRITERS -> "own";
                case VALUE -> "280";
                default -> "";
              };
          case CATALOGUE ->
              switch (field) {
                case R -> "1";
                case W -> "3";
                case LATENCY -> "lnkd-ssd";
                case READS -> "90";
                case RATE -> "200";
                case KEYS -> "200";
                case WRITERS -> "own";
                case VALUE -> "1000";
                case FAIL -> "crash(6s,12s,B)";
                default -> "";
              };
          case CHAT ->
              switch (field) {
                case NODES -> "7";
                case N -> "5";
                case R, W -> "3";
                case LATENCY -> "ymmr";
                case READS -> "70";
                case CLIENTS -> "12";
                case KEYS -> "8";
                case VALUE -> "200";
                case FAIL -> "split(6s,12s,A+B|C+D+E+F+G)";
                default -> "";
              };
          case SESSION ->
              switch (field) {
                case R, W -> "1";
                case CONFLICT -> "lww";
                case SKEW -> "20";
                case LATENCY -> "lnkd-disk";
                case RATE -> "300";
                case CLIENTS -> "30";
                case ZIPF -> "1";
                case WRITERS -> "any";
                case VALUE -> "200";
                default -> "";
              };
          case PBS ->
              switch (field) {
                case R, W -> "1";
                case REPAIR -> "none";
                case HINTS, HEDGE -> "off";
                case EXCHANGE, SYNC, HOP -> "0";
                case ASK -> "all";
                case LINK -> "unordered";
                case LATENCY -> "lnkd-disk";
                case CLIENTS -> "20";
                case RATE -> "500";
                case READS -> "80";
                case KEYS -> "20";
                case WRITERS -> "own";
                default -> "";
              };
        };
    return own.isEmpty() ? field.otherwise() : own;
  }
}
