// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// How a cluster stands, judged from what its nodes say.
///
/// @param problems what is not as it should be, most serious first; empty for a healthy cluster
/// @param verdict all of it in one sentence
public record ClusterReport(List<NodeReport> nodes, String verdict, List<String> problems) {
  private static final int N_USUAL = 3;

  public ClusterReport {
    nodes = List.copyOf(nodes);
    problems = List.copyOf(problems);
  }

  /// Asks every node of `cluster`.
  public static ClusterReport read(NodeHttp http, ClusterFile cluster) {
    List<NodeReport> nodes = new ArrayList<>();
    for (ClusterFile.Entry node : cluster.nodes()) {
      nodes.add(NodeReport.read(http, node));
    }
    return of(nodes);
  }

  public static ClusterReport of(List<NodeReport> nodes) {
    List<String> problems = problems(nodes);
    return new ClusterReport(nodes, verdict(nodes, problems), problems);
  }

  public boolean isHealthy() {
    return problems.isEmpty();
  }

  public boolean isReachable() {
    return nodes.stream().anyMatch(NodeReport::answers);
  }

  /// Distinct machines among the members; 0 where no node answers.
  public int machines() {
    int machines = 0;
    for (NodeReport node : nodes) {
      machines = Math.max(machines, node.machines());
    }
    return machines;
  }

  private static List<String> problems(List<NodeReport> nodes) {
    List<String> problems = new ArrayList<>();
    for (NodeReport node : nodes) {
      if (!node.answers()) {
        problems.add(node.id() + " does not answer: " + node.sentence());
      } else if (!node.serves()) {
        problems.add(node.id() + " is " + node.state() + ": " + node.sentence());
      }
    }
    TreeSet<String> placements = new TreeSet<>();
    TreeSet<String> answering = new TreeSet<>();
    for (NodeReport node : nodes) {
      if (node.answers()) {
        placements.add(node.placement());
        answering.add(node.id());
      }
    }
    if (placements.size() > 1) {
      problems.add(
          "the nodes do not agree on who owns what (epoch/fingerprint "
              + String.join(", ", placements)
              + "): compare [cluster] in their configurations");
    }
    for (NodeReport node : nodes) {
      for (NodeReport.Peer peer : node.peers()) {
        boolean otherwiseToldOf = nodes.size() > 1 && !answering.contains(peer.id());
        if (!peer.connected() && (!otherwiseToldOf || !peer.refusal().isEmpty())) {
          problems.add(
              node.id()
                  + " has no connection to "
                  + peer.id()
                  + (peer.refusal().isEmpty() ? "" : ": " + peer.refusal()));
        }
      }
      long rebuilding = Json.whole(node.figures(), "groups_rebuilding");
      if (rebuilding > 0) {
        problems.add(
            node.id() + " is rebuilding " + rebuilding + " groups, in which it has no vote yet");
      }
      long damaged = Json.whole(node.figures(), "damaged_reads");
      if (damaged > 0) {
        problems.add(
            node.id() + " has read " + damaged + " damaged blocks from its disk: check the disk");
      }
      for (Object alarm : Json.list(node.figures(), "last_alarms")) {
        problems.add(node.id() + " alarm: " + alarm);
      }
    }
    return problems;
  }

  /// One member cannot say how its cluster stands, only how it stands itself.
  private static String aloneAsked(NodeReport node) {
    long seen = node.peers().stream().filter(NodeReport.Peer::connected).count();
    return "Node "
        + node.id()
        + (node.serves() ? " serves" : " is " + node.state())
        + " and is connected to "
        + seen
        + " of the "
        + node.peers().size()
        + " other members; only this node was asked.";
  }

  private static String verdict(List<NodeReport> nodes, List<String> problems) {
    List<String> missing = new ArrayList<>();
    TreeSet<String> serving = new TreeSet<>();
    int machines = 0;
    boolean answered = false;
    for (NodeReport node : nodes) {
      answered |= node.answers();
      machines = Math.max(machines, node.machines());
      if (node.serves()) {
        serving.add(node.machine());
      } else {
        missing.add(node.id());
      }
    }
    if (!answered) {
      return nodes.size() == 1
          ? "The node " + nodes.getFirst().id() + " does not answer."
          : "None of the " + nodes.size() + " nodes answers.";
    }
    if (nodes.size() == 1 && !nodes.getFirst().peers().isEmpty()) {
      return aloneAsked(nodes.getFirst());
    }
    int n = Math.min(N_USUAL, machines);
    int spare = n - (n / 2 + 1) - (machines - serving.size());
    String named = " (" + String.join(", ", missing) + ")";
    String who =
        missing.isEmpty()
            ? "All " + nodes.size() + " nodes serve"
            : missing.size()
                + " of "
                + nodes.size()
                + (missing.size() == 1 ? " nodes does not serve" : " nodes do not serve")
                + named;
    String copies =
        n < N_USUAL ? "n=" + N_USUAL + " means " + n + " here: so few are the machines" : "n=" + n;
    if (spare < 0) {
      // Where every machine holds every key, what holds for one holds for all.
      return who
          + (machines == n
              ? ": no key can be read or written at quorum ("
              : ": some keys can be neither read nor written at quorum (")
          + copies
          + ").";
    }
    String quorum = who + ": every key can be read and written at quorum (" + copies + "), ";
    String more =
        spare == 0
            ? "with no machine to spare"
            : "also with any " + spare + (spare == 1 ? " machine" : " machines") + " lost";
    String but = missing.isEmpty() && !problems.isEmpty() ? "; but " + problems.getFirst() : "";
    return quorum + more + but + ".";
  }
}
