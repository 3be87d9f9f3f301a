// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.server.remote.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a node knows of its cluster at one moment, before it is judged.
///
/// @param self the node that was asked
/// @param members all of them, with the machine of each, in order of their names
/// @param told what members have told of themselves and is fresh, `self` included
/// @param ages how old that is, in ms
/// @param connected the members with which `self` is connected
/// @param owners for every n that some bucket has, the owners of each partition
/// @param events what has happened lately, at any member that told
/// @param odd the pairs of which one does not see the other connected, alive and quick
/// @param wallMillis what the wall clock reads
record Facts(
    String self,
    SortedMap<String, String> members,
    SortedMap<String, Object> told,
    SortedMap<String, Long> ages,
    NavigableSet<String> connected,
    SortedMap<Integer, List<List<String>>> owners,
    List<PeerReports.Event> events,
    List<Odd> odd,
    Targets targets,
    long wallMillis) {
  Facts {
    members = Collections.unmodifiableSortedMap(members);
    told = Collections.unmodifiableSortedMap(told);
    ages = Collections.unmodifiableSortedMap(ages);
    connected = Collections.unmodifiableNavigableSet(connected);
    owners = Collections.unmodifiableSortedMap(owners);
    events = List.copyOf(events);
    odd = List.copyOf(odd);
  }

  static Facts of(
      String self,
      SortedMap<String, String> members,
      SortedMap<String, Object> told,
      SortedMap<String, Long> ages,
      NavigableSet<String> connected,
      SortedMap<Integer, List<List<String>>> owners,
      List<PeerReports.Event> events,
      Targets targets,
      long wallMillis) {
    return new Facts(
        self,
        members,
        told,
        ages,
        connected,
        owners,
        events,
        odd(members, told),
        targets,
        wallMillis);
  }

  private static List<Odd> odd(SortedMap<String, String> members, SortedMap<String, Object> told) {
    List<Odd> odd = new ArrayList<>();
    told.forEach(
        (from, report) -> {
          for (Object each : Json.list(Json.member(report, "sees"), "odd")) {
            String to = Json.text(each, "node");
            if (members.containsKey(to)) {
              String refusal = Json.text(each, "refusal");
              odd.add(
                  new Odd(
                      from,
                      to,
                      Json.truth(each, "connected"),
                      Json.text(each, "status"),
                      Json.whole(each, "since_ms"),
                      Json.truth(each, "slow"),
                      refusal.isEmpty() ? Json.text(each, "why") : refusal));
            }
          }
        });
    return odd;
  }

  /// How one member sees another that it does not see connected, alive and quick.
  ///
  /// @param status `alive`, `suspect`, `dead`; empty for no opinion
  /// @param sinceMillis for how long it has been so
  record Odd(
      String from,
      String to,
      boolean connected,
      String status,
      long sinceMillis,
      boolean slow,
      String why) {
    /// Whether it is worse than slow.
    boolean isBad() {
      return !connected || status.equals("suspect") || status.equals("dead");
    }
  }

  /// So many copies, of which a read needs `r` and a write `w`.
  record Level(int n, int r, int w, long buckets, boolean sloppy) {}

  /// The nodes that serve and vote, as far as is known: one that does not tell, as none of an older
  /// release does, counts while `self` is connected with it and its failure detector hears it.
  NavigableSet<String> live() {
    TreeSet<String> live = new TreeSet<>(mute());
    told.forEach(
        (node, report) -> {
          if (Json.text(report, "state").equals("serving") && !Json.truth(report, "unsure")) {
            live.add(node);
          }
        });
    return live;
  }

  /// The members that are there, and do not tell how they stand.
  List<String> mute() {
    List<String> mute = new ArrayList<>(connected);
    mute.removeAll(told.keySet());
    for (Odd each : odd) {
      if (each.from().equals(self) && each.isBad()) {
        mute.remove(each.to());
      }
    }
    return mute;
  }

  /// The members that are not there.
  List<String> silent() {
    List<String> silent = new ArrayList<>(members.keySet());
    silent.removeAll(told.keySet());
    silent.removeAll(mute());
    return silent;
  }

  /// The members that tell, and do not serve.
  List<String> idle() {
    List<String> idle = new ArrayList<>();
    told.forEach(
        (node, report) -> {
          if (!Json.text(report, "state").equals("serving")) {
            idle.add(node);
          }
        });
    return idle;
  }

  /// For how long `node` has been held for dead, in ms, as whoever has noticed first tells; -1
  /// where nobody does.
  long awayMillis(String node) {
    long longest = -1;
    for (Odd each : odd) {
      if (each.to().equals(node) && each.status().equals("dead")) {
        longest = Math.max(longest, each.sinceMillis());
      }
    }
    return longest;
  }

  List<Level> levels() {
    List<Level> levels = new ArrayList<>();
    for (Object each : Json.list(told.get(self), "levels")) {
      levels.add(
          new Level(
              (int) Json.whole(each, "n"),
              (int) Json.whole(each, "r"),
              (int) Json.whole(each, "w"),
              Json.whole(each, "buckets"),
              Json.truth(each, "sloppy")));
    }
    return levels;
  }

  /// Which nodes go by which placement map, by epoch and fingerprint.
  SortedMap<String, List<String>> placements() {
    TreeMap<String, List<String>> placements = new TreeMap<>();
    told.forEach(
        (node, report) ->
            placements
                .computeIfAbsent(
                    Json.text(report, "epoch") + "/" + Json.text(report, "fingerprint"),
                    _ -> new ArrayList<>())
                .add(node));
    return placements;
  }

  /// The sum of a number that each tells.
  long sum(String name) {
    long sum = 0;
    for (Object report : told.values()) {
      sum += Json.whole(report, name);
    }
    return sum;
  }

  static boolean isPositive(Map.Entry<String, Long> entry) {
    return entry.getValue() > 0;
  }
}
