// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/// The members as a tree: all, zones, racks, machines, nodes. A level whose label some member lacks
/// does not count: there everything below stands in one group. Labels filled in half-way would
/// otherwise make the first labelled node the only one of "the other zone", and load it with a copy
/// of everything.
///
/// Groups of a level are numbered from 0; nodes in order of their names.
final class Topology {
  static final int ROOT = 0;
  static final int ZONE = 1;
  static final int RACK = 2;
  static final int MACHINE = 3;
  static final int NODE = 4;
  private static final int LEVELS = 5;

  private final List<Member> members;
  private final int[][] ancestors = new int[LEVELS][];
  private final int[][][] children = new int[LEVELS][][];
  private final long[][] weights = new long[LEVELS][];
  private final long[][] hashes = new long[LEVELS][];

  Topology(List<Member> given) {
    this.members = sorted(given);
    boolean zones = members.stream().noneMatch(m -> m.zone().isEmpty());
    boolean racks = members.stream().noneMatch(m -> m.rack().isEmpty());
    List<List<String>> paths = new ArrayList<>();
    for (Member member : members) {
      String zone = "/" + (zones ? member.zone() : "");
      String rack = zone + "\n" + (racks ? member.rack() : "");
      String machine = rack + "\n" + member.machine();
      paths.add(List.of("", zone, rack, machine, member.id().name()));
    }
    for (int level = ROOT; level <= NODE; level++) {
      number(level, paths);
    }
    for (int level = ROOT; level < NODE; level++) {
      children[level] = childrenOf(level);
    }
  }

  private static List<Member> sorted(List<Member> given) {
    List<Member> members = new ArrayList<>(given);
    Collections.sort(members);
    if (members.isEmpty() || members.size() > PlacementMap.MEMBERS_MAX) {
      throw new IllegalArgumentException(
          "a cluster has 1 to " + PlacementMap.MEMBERS_MAX + " members, not " + members.size());
    }
    TreeMap<String, Member> onMachine = new TreeMap<>();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      if (i > 0 && members.get(i - 1).id().equals(member.id())) {
        throw new IllegalArgumentException("node " + member.id() + " is listed twice");
      }
      Member other = onMachine.putIfAbsent(member.machine(), member);
      if (other != null
          && !(other.rack().equals(member.rack()) && other.zone().equals(member.zone()))) {
        throw new IllegalArgumentException(
            "nodes "
                + other.id()
                + " and "
                + member.id()
                + " share machine "
                + member.machine()
                + " but name different racks or zones; give the machine one place");
      }
    }
    return List.copyOf(members);
  }

  private void number(int level, List<List<String>> paths) {
    TreeMap<String, Integer> numbers = new TreeMap<>();
    ancestors[level] = new int[members.size()];
    if (level == NODE) {
      for (int node = 0; node < members.size(); node++) {
        ancestors[level][node] = node;
      }
    } else {
      for (List<String> path : paths) {
        numbers.putIfAbsent(path.get(level), 0);
      }
      int next = 0;
      for (var entry : numbers.entrySet()) {
        entry.setValue(next++);
      }
      for (int node = 0; node < members.size(); node++) {
        Integer number = numbers.get(paths.get(node).get(level));
        ancestors[level][node] = number == null ? 0 : number;
      }
    }
    int count = level == NODE ? members.size() : numbers.size();
    weights[level] = new long[count];
    hashes[level] = new long[count];
    for (int node = 0; node < members.size(); node++) {
      int group = ancestors[level][node];
      weights[level][group] += members.get(node).weight();
      hashes[level][group] = new Mixer(level).add(paths.get(node).get(level)).value();
    }
  }

  private int[][] childrenOf(int level) {
    int[][] result = new int[count(level)][];
    int[] sizes = new int[count(level)];
    int[] parents = new int[count(level + 1)];
    for (int node = 0; node < members.size(); node++) {
      parents[ancestors[level + 1][node]] = ancestors[level][node];
    }
    for (int parent : parents) {
      sizes[parent]++;
    }
    for (int group = 0; group < result.length; group++) {
      result[group] = new int[sizes[group]];
    }
    for (int child = parents.length - 1; child >= 0; child--) {
      result[parents[child]][--sizes[parents[child]]] = child;
    }
    return result;
  }

  /// In order of their names; a node's number is its place here.
  List<Member> members() {
    return members;
  }

  int nodes() {
    return members.size();
  }

  int machines() {
    return count(MACHINE);
  }

  int count(int level) {
    return weights[level].length;
  }

  int[] children(int level, int group) {
    return children[level][group];
  }

  /// The group of `level` in which a node stands.
  int above(int level, int node) {
    return ancestors[level][node];
  }

  long weight(int level, int group) {
    return weights[level][group];
  }

  /// A hash of a node's name, or of a group's label with those above it: independent of the others.
  long hash(int level, int group) {
    return hashes[level][group];
  }
}
