// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;

/// What the words of a step name in one cluster: nodes, lists of nodes, links, a key. A word that
/// names nothing there is refused with a sentence.
final class Names {
  private final World world;

  Names(World world) {
    this.world = world;
  }

  /// The node of the first word.
  SimNode node(Step step) throws SyntaxException {
    return world.node(nodeId(step.word(0)));
  }

  NodeId nodeId(String name) throws SyntaxException {
    if (!NodeId.valid(name) || !world.placement().isMember(new NodeId(name))) {
      throw new SyntaxException("no node '" + name + "' in this cluster");
    }
    return new NodeId(name);
  }

  /// The node that a client calls; the first where the step does not say.
  NodeId via(Step step) throws SyntaxException {
    return nodeId(step.option("via", world.nodes().getFirst().id().name()));
  }

  /// The nodes of a list with commas; `*` means all.
  List<NodeId> nodes(String names) throws SyntaxException {
    List<NodeId> nodes = new ArrayList<>();
    if (names.equals("*")) {
      for (SimNode node : world.nodes()) {
        nodes.add(node.id());
      }
      return nodes;
    }
    for (String name : names.split(",", -1)) {
      nodes.add(nodeId(name));
    }
    return nodes;
  }

  /// The links of all words: `a->b`, `a--b` for both directions, or `a b` alone, which means the
  /// same.
  List<Link> links(Step step) throws SyntaxException {
    List<Link> links = new ArrayList<>();
    List<String> words = step.words();
    if (words.size() == 2 && !words.get(0).contains("-") && !words.get(1).contains("-")) {
      words = List.of(words.get(0) + "--" + words.get(1));
    }
    for (String word : words) {
      boolean both = word.contains("--");
      String[] ends = word.split(both ? "--" : "->", -1);
      if (ends.length != 2) {
        throw new SyntaxException("'" + word + "' is no link such as a->b, a--b or 'a b'");
      }
      for (NodeId from : nodes(ends[0])) {
        for (NodeId to : nodes(ends[1])) {
          if (!from.equals(to)) {
            links.add(new Link(from, to));
            if (both) {
              links.add(new Link(to, from));
            }
          }
        }
      }
    }
    return links;
  }

  static ObjectKey key(Step step) {
    return new ObjectKey(Director.BUCKET, Bytes.utf8(step.option("key", "k")));
  }
}
