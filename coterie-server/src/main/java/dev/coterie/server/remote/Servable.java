// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What can be read and written while some nodes are away, counted over the placement map.
///
/// @param partitions how many there are; 0 where nothing is known
/// @param shortfalls the levels that some partitions cannot meet, each with how many
/// @param spare how many more nodes may be lost, whichever they are, before there is a shortfall
/// @param few says where there are fewer machines than copies; empty otherwise
public record Servable(int partitions, List<Shortfall> shortfalls, int spare, String few) {
  public static final Servable UNKNOWN = new Servable(0, List.of(), 0);

  public Servable(int partitions, List<Shortfall> shortfalls, int spare) {
    this(partitions, shortfalls, spare, "");
  }

  public Servable {
    shortfalls = List.copyOf(shortfalls);
  }

  /// @param level `r` or `w`
  public record Shortfall(String level, int needed, int n, int partitions) {}

  /// The levels of some buckets.
  public record Levels(int n, int r, int w) {
    /// Those that a node's `/status` tells; none where it is of an older version.
    static List<Levels> of(@Nullable Object status) {
      List<Levels> levels = new ArrayList<>();
      for (Object each : Json.list(status, "levels")) {
        levels.add(
            new Levels(
                (int) Json.whole(each, "n"),
                (int) Json.whole(each, "r"),
                (int) Json.whole(each, "w")));
      }
      return levels;
    }
  }

  /// Who owns which partition under one n.
  public record Owners(int n, List<List<String>> rows) {
    /// What `/placement` answers.
    static Owners of(@Nullable Object placement) {
      List<@Nullable Object> members = Json.list(placement, "members");
      List<List<String>> rows = new ArrayList<>();
      for (Object row : Json.list(placement, "owners")) {
        List<String> owners = new ArrayList<>();
        for (Object place : row instanceof List<?> list ? list : List.of()) {
          if (place instanceof Number at && at.intValue() >= 0 && at.intValue() < members.size()) {
            owners.add(String.valueOf(members.get(at.intValue())));
          }
        }
        rows.add(owners);
      }
      return new Owners((int) Json.whole(placement, "n"), rows);
    }
  }

  /// @param live the nodes that serve and vote
  public static Servable of(List<Levels> levels, List<Owners> placement, Set<String> live) {
    int partitions = 0;
    int spare = Integer.MAX_VALUE;
    String few = "";
    List<Shortfall> shortfalls = new ArrayList<>();
    for (Levels level : levels) {
      for (Owners owners : placement) {
        if (owners.n() != level.n()) {
          continue;
        }
        int reads = 0;
        int writes = 0;
        for (List<String> row : owners.rows()) {
          int there = (int) row.stream().filter(live::contains).count();
          reads += there < level.r() ? 1 : 0;
          if (row.size() < level.n()) {
            few = "n=" + level.n() + " means " + row.size() + " here: so few are the machines";
          }
          writes += there < level.w() ? 1 : 0;
          spare = Math.min(spare, there - Math.max(level.r(), level.w()));
        }
        partitions = Math.max(partitions, owners.rows().size());
        if (reads > 0) {
          shortfalls.add(new Shortfall("r", level.r(), level.n(), reads));
        }
        if (writes > 0) {
          shortfalls.add(new Shortfall("w", level.w(), level.n(), writes));
        }
      }
    }
    return partitions == 0
        ? UNKNOWN
        : new Servable(partitions, shortfalls, Math.max(0, spare), few);
  }

  boolean isKnown() {
    return partitions > 0;
  }
}
