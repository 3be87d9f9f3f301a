// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How one node stands, as its admin listener tells it at `/status`.
///
/// @param where the node, as the cluster's file has it
/// @param answers whether it answered; if not, only `where` and `sentence` mean anything
/// @param state `starting`, `serving`, `no_writes` or `stopping`; empty where it does not answer
/// @param sentence why it is in that state, or why it does not answer
/// @param machine its machine label; empty where it does not answer
/// @param placement epoch and fingerprint of its placement map; equal on nodes that agree
/// @param machines distinct machines among the members
/// @param peers the other members
/// @param figures what else it tells, as JSON
public record NodeReport(
    ClusterFile.Entry where,
    boolean answers,
    String state,
    String sentence,
    String machine,
    String placement,
    int machines,
    List<Peer> peers,
    @Nullable Object figures) {
  public NodeReport {
    peers = List.copyOf(peers);
  }

  /// Another member as this node sees it.
  ///
  /// @param status `alive`, `suspect`, `dead`, or empty where it does not say
  /// @param slow whether it is asked last because it answers slowly
  /// @param why it is held for that, in words
  public record Peer(
      String id, boolean connected, String refusal, String status, boolean slow, String why) {
    public boolean isDead() {
      return status.equals("dead");
    }
  }

  public static NodeReport read(NodeHttp http, ClusterFile.Entry node) {
    return switch (http.send(node.admin(), "GET", "/status", Map.of())) {
      case NodeHttp.NotConnected(String sentence) -> silent(node, sentence);
      case NodeHttp.Lost(String sentence) -> silent(node, sentence);
      case NodeHttp.Reply reply when reply.status() != 200 ->
          silent(
              node,
              node.admin()
                  + "/status answers with HTTP status "
                  + reply.status()
                  + (reply.status() == 404 ? ": is that a node's admin address?" : ""));
      case NodeHttp.Reply reply -> {
        try {
          yield of(node, Json.read(reply.text()));
        } catch (Json.Malformed e) {
          yield silent(node, node.admin() + "/status is not JSON: " + e.getMessage());
        }
      }
    };
  }

  private static NodeReport silent(ClusterFile.Entry node, String sentence) {
    return new NodeReport(node, false, "", sentence, "", "", 0, List.of(), null);
  }

  static NodeReport of(ClusterFile.Entry where, @Nullable Object status) {
    String named = where.id().isEmpty() ? Json.text(status, "node") : where.id();
    ClusterFile.Entry node =
        new ClusterFile.Entry(
            named, where.pid(), where.http(), where.peer(), where.admin(), where.data());
    String machine = "";
    List<Peer> peers = new ArrayList<>();
    for (Object member : Json.list(status, "members")) {
      String id = Json.text(member, "node");
      if (id.equals(node.id())) {
        machine = Json.text(member, "machine");
      } else {
        peers.add(
            new Peer(
                id,
                Json.truth(member, "connected"),
                Json.text(member, "refusal"),
                Json.text(member, "status"),
                Json.truth(member, "slow"),
                Json.text(member, "why")));
      }
    }
    return new NodeReport(
        node,
        true,
        Json.text(status, "state"),
        Json.text(status, "sentence"),
        machine,
        Json.text(status, "epoch") + "/" + Json.text(status, "fingerprint"),
        Math.toIntExact(Json.whole(status, "machines")),
        peers,
        status);
  }

  public boolean serves() {
    return state.equals("serving");
  }

  /// Why it is not whole (serving, connected to all others, none of its copies being filled); null
  /// if it is.
  public @Nullable String lack() {
    if (!answers || !serves() || !sentence.equals("serving")) {
      return id() + ": " + (sentence.isEmpty() ? state : sentence);
    }
    for (Peer peer : peers) {
      if (!peer.connected()) {
        return (id() + " is not connected to " + peer.id() + " " + peer.refusal()).strip();
      }
    }
    long rebuilding = Json.whole(figures, "groups_rebuilding");
    return rebuilding == 0 ? null : id() + ": " + rebuilding + " copies are being filled";
  }

  /// Whether its owners exchange clocks with others; without, it neither tells nor hears who is
  /// behind. A node that does not say does.
  public boolean hasClocks() {
    return !Boolean.FALSE.equals(Json.member(figures, "clocks"));
  }

  /// The first of the others that its failure detector does not hold for alive; null if there is
  /// none, or it does not tell.
  public @Nullable String doubt() {
    for (Peer peer : peers) {
      if (!peer.status().isEmpty() && !peer.status().equals("alive")) {
        return id() + " holds " + peer.id() + " for " + peer.status();
      }
    }
    return null;
  }

  /// Its name; its admin address where that alone is known.
  public String id() {
    return where.id().isEmpty() ? where.admin().toString() : where.id();
  }
}
