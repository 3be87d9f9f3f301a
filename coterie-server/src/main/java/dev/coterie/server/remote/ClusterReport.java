// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import dev.coterie.core.message.Arrival;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// How a cluster stands, judged from what its nodes say.
///
/// @param problems what is not as it should be, most serious first; empty for a healthy cluster
/// @param verdict all of it in one sentence
/// @param servable what can be read and written
/// @param lags how far each replica is behind, where that is known
/// @param lagsUnknown nodes of which it is not, for their exchange of clocks is off
/// @param tombstonesFor deletes that wait for a node: the largest number that one other node tells
/// @param audits when the groups were last audited
public record ClusterReport(
    List<NodeReport> nodes,
    String verdict,
    List<String> problems,
    Servable servable,
    List<ReplicaLag> lags,
    List<String> lagsUnknown,
    SortedMap<String, Long> tombstonesFor,
    LastAudits audits) {
  /// A replica that is there and has lagged for longer is a problem.
  private static final long LAG_MILLIS_MAX = 60_000;

  /// One may be cut off; of more, in a large cluster, asking takes long.
  private static final int DASHBOARDS_ASKED = 3;

  public ClusterReport {
    nodes = List.copyOf(nodes);
    problems = List.copyOf(problems);
    lags = List.copyOf(lags);
    lagsUnknown = List.copyOf(lagsUnknown);
    tombstonesFor = Collections.unmodifiableSortedMap(tombstonesFor);
  }

  /// Asks every node of `cluster`.
  public static ClusterReport read(NodeHttp http, ClusterFile cluster) {
    List<NodeReport> nodes = new ArrayList<>();
    for (ClusterFile.Entry node : cluster.nodes()) {
      nodes.add(NodeReport.read(http, node));
    }
    return of(nodes, placement(http, nodes));
  }

  /// The same in the words of the dashboard, so that a cluster is not described in two ways: of the
  /// first nodes that answer, the one to which most members tell how they stand says it. Where none
  /// says it, in its own words.
  public ClusterReport inWordsOfDashboard(NodeHttp http) {
    String sentence = verdict;
    long most = 0;
    int asked = 0;
    for (NodeReport node : nodes) {
      if (!node.answers() || asked == DASHBOARDS_ASKED) {
        continue;
      }
      asked++;
      if (http.send(node.where().admin(), "GET", "/dashboard", Map.of())
              instanceof NodeHttp.Reply reply
          && reply.status() == 200) {
        try {
          Object document = Json.read(reply.text());
          String said = Json.text(Json.member(document, "verdict"), "sentence");
          long told = Json.whole(document, "told");
          if (told > most && !said.isEmpty()) {
            most = told;
            sentence = said.replace('\u00a0', ' ');
          }
        } catch (Json.Malformed _) {
          // As if it had not answered.
        }
      }
    }
    return new ClusterReport(
        nodes, sentence, problems, servable, lags, lagsUnknown, tombstonesFor, audits);
  }

  /// The owners under every n that some bucket has, from the first node that tells.
  private static List<Servable.Owners> placement(NodeHttp http, List<NodeReport> nodes) {
    for (NodeReport node : nodes) {
      TreeSet<Integer> copies = new TreeSet<>();
      Servable.Levels.of(node.figures()).forEach(each -> copies.add(each.n()));
      List<Servable.Owners> owners = new ArrayList<>();
      for (int n : copies) {
        if (http.send(node.where().admin(), "GET", "/placement?n=" + n, Map.of())
                instanceof NodeHttp.Reply reply
            && reply.status() == 200) {
          try {
            owners.add(Servable.Owners.of(Json.read(reply.text())));
          } catch (Json.Malformed _) {
            // As if it had not answered: what can be served is then not known.
          }
        }
      }
      if (!copies.isEmpty() && owners.size() == copies.size()) {
        return owners;
      }
    }
    return List.of();
  }

  public static ClusterReport of(List<NodeReport> nodes) {
    return of(nodes, List.of());
  }

  /// @param placement who owns what; empty where that is not known
  static ClusterReport of(List<NodeReport> nodes, List<Servable.Owners> placement) {
    List<ReplicaLag> lags = ReplicaLag.of(nodes);
    List<String> unknown = List.copyOf(ReplicaLag.unknown(nodes));
    List<String> problems = problems(nodes, lags);
    Servable servable = servable(nodes, placement);
    TreeMap<String, Long> waiting = new TreeMap<>();
    long tombstones = 0;
    for (NodeReport node : nodes) {
      tombstones = Math.max(tombstones, Json.whole(node.figures(), "tombstones_waiting"));
      Object waits = Json.member(node.figures(), "tombstones_waiting_for");
      for (NodeReport.Peer peer : node.peers()) {
        long count = Json.whole(waits, peer.id());
        if (count > 0) {
          waiting.merge(peer.id(), count, Math::max);
        }
      }
    }
    List<String> silent = new ArrayList<>();
    List<String> idle = new ArrayList<>();
    for (NodeReport node : nodes) {
      if (!node.answers()) {
        silent.add(node.id());
      } else if (!node.serves()) {
        idle.add(node.id());
      }
    }
    boolean alone = nodes.size() == 1 && !nodes.getFirst().peers().isEmpty();
    String verdict =
        alone
            ? aloneAsked(nodes.getFirst(), servable)
            : ClusterVerdict.of(
                new ClusterVerdict.Facts(
                    nodes.size(), silent, idle, servable, lags, unknown, tombstones, problems));
    return new ClusterReport(
        nodes, verdict, problems, servable, lags, unknown, waiting, LastAudits.of(nodes));
  }

  /// Counted with the nodes that serve and vote; where one node alone was asked, with those that it
  /// is connected with and does not hold for dead.
  private static Servable servable(List<NodeReport> nodes, List<Servable.Owners> placement) {
    TreeSet<String> live = new TreeSet<>();
    List<Servable.Levels> levels = List.of();
    for (NodeReport node : nodes) {
      if (node.serves() && !Json.truth(node.figures(), "unsure")) {
        live.add(node.id());
      }
      if (levels.isEmpty()) {
        levels = Servable.Levels.of(node.figures());
      }
      if (nodes.size() == 1) {
        node.peers().stream()
            .filter(peer -> peer.connected() && !peer.isDead())
            .forEach(peer -> live.add(peer.id()));
      }
    }
    return Servable.of(levels, placement, live);
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

  public static String damaged(String node, long blocks) {
    return node + " has read " + blocks + " damaged blocks from its disk: check the disk";
  }

  private static List<String> problems(List<NodeReport> nodes, List<ReplicaLag> lags) {
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
        } else if (peer.isDead() && !otherwiseToldOf) {
          problems.add(
              node.id()
                  + " holds "
                  + peer.id()
                  + " for dead"
                  + (peer.why().isEmpty() ? "" : ": " + peer.why()));
        }
      }
      long rebuilding = Json.whole(node.figures(), "groups_rebuilding");
      if (rebuilding > 0) {
        problems.add(
            node.id() + " is rebuilding " + rebuilding + " groups, in which it has no vote yet");
      }
      long damaged = Json.whole(node.figures(), "damaged_reads");
      if (damaged > 0) {
        problems.add(damaged(node.id(), damaged));
      }
      for (AlarmReport alarm : AlarmReport.of(node)) {
        if (alarm.isRecent()) {
          problems.add(alarm.sentence());
        }
      }
    }
    for (ReplicaLag lag : lags) {
      if (answering.contains(lag.node()) && lag.dots() > 0 && lag.oldestMillis() > LAG_MILLIS_MAX) {
        problems.add(
            lag.node()
                + " has been behind for "
                + Arrival.span(lag.oldestMillis() * 1_000_000)
                + ", by "
                + ClusterVerdict.dots(lag.dots())
                + ": it should have caught up");
      }
    }
    return problems;
  }

  /// One member cannot say how its cluster stands, only how it stands itself.
  private static String aloneAsked(NodeReport node, Servable servable) {
    long seen = node.peers().stream().filter(NodeReport.Peer::connected).count();
    String served = ClusterVerdict.served(servable);
    return "Node "
        + node.id()
        + (node.serves() ? " serves" : " is " + node.state())
        + " and is connected to "
        + seen
        + " of the "
        + node.peers().size()
        + " other members"
        + (served.isEmpty() ? "" : "; with those " + served)
        + "; only this node was asked.";
  }
}
