// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.Node;
import dev.coterie.core.node.PaceFigures;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.Replica;
import dev.coterie.host.store.StoreException;
import dev.coterie.sim.plan.Director;
import dev.coterie.sim.plan.MessageText;
import dev.coterie.sim.plan.OutcomeText;
import dev.coterie.sim.plan.Step;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.SimNetwork.Held;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// What a script looks at: replicas, disks, nodes, messages that wait. Looking changes nothing.
final class Views {
  private final World world;
  private final IntSupplier n;

  Views(World world, IntSupplier n) {
    this.world = world;
    this.n = n;
  }

  ObjectKey key(Step step) {
    return new ObjectKey(Director.BUCKET, Bytes.utf8(step.option("key", "k")));
  }

  List<SimNode> nodes(List<String> names) throws SyntaxException {
    List<SimNode> nodes = new ArrayList<>();
    for (String word : names) {
      for (String name : word.split(",", -1)) {
        if (!NodeId.valid(name) || !world.placement().isMember(new NodeId(name))) {
          throw new SyntaxException("no node '" + name + "' in this cluster");
        }
        nodes.add(world.node(new NodeId(name)));
      }
    }
    return nodes;
  }

  List<NodeId> owners(ObjectKey key) {
    int partition = world.placement().ring().partitionOf(key.hash(world.nodeConfig().ringKey()));
    List<NodeId> owners = new ArrayList<>();
    for (Replica replica : world.placement().preferenceList(n.getAsInt(), partition).primaries()) {
      owners.add(replica.node());
    }
    return owners;
  }

  /// The record on the disk of `node`: a running node's own view, else what the power cut has left.
  @Nullable KeyRecord record(SimNode node, ObjectKey key) {
    return node.isUp()
        ? node.stored().recordOf(key, n.getAsInt())
        : node.stored().durableRecordOf(key, n.getAsInt());
  }

  /// Record, clock and log of each node; the owners of the key where none is named.
  List<String> show(Step step) throws SyntaxException {
    ObjectKey key = key(step);
    List<SimNode> nodes = new ArrayList<>();
    if (step.words().isEmpty()) {
      for (NodeId owner : new TreeSet<>(owners(key))) {
        nodes.add(world.node(owner));
      }
    } else {
      nodes = nodes(step.words());
    }
    List<String> lines = new ArrayList<>();
    for (SimNode node : nodes) {
      KeyRecord record = record(node, key);
      lines.add(node.id() + " record " + text(record) + (node.isUp() ? "" : " (down)"));
      if (node.isUp()) {
        KeyRecord durable = node.stored().durableRecordOf(key, n.getAsInt());
        if (record != null && !record.equals(durable)) {
          lines.add(node.id() + " synced " + text(durable));
        }
        lines.add(node.id() + " clock  " + clock(node, key));
        lines.add(node.id() + " log    " + log(node, key));
      }
    }
    return lines;
  }

  /// What each node holds as a fallback; every node where none is named.
  List<String> hints(Step step) throws SyntaxException {
    List<String> lines = new ArrayList<>();
    for (SimNode node : step.words().isEmpty() ? world.nodes() : nodes(step.words())) {
      SortedMap<HintSlot, Hint> held = node.stored().hints(false);
      SortedMap<HintSlot, Hint> durable = node.stored().hints(true);
      if (held.isEmpty() && !step.words().isEmpty()) {
        lines.add(node.id() + " holds no hints");
      }
      held.forEach(
          (slot, hint) ->
              lines.add(
                  node.id()
                      + " holds "
                      + slot.key().key()
                      + " for "
                      + slot.owner()
                      + ": "
                      + OutcomeText.of(hint.record())
                      + " writes "
                      + dots(hint)
                      + (hint.equals(durable.get(slot)) ? "" : " (not synced)")));
    }
    return lines.isEmpty() ? List.of("nobody holds hints") : lines;
  }

  /// How nodes have divided their work while requests waited.
  List<String> pace(Step step) throws SyntaxException {
    List<String> lines = new ArrayList<>();
    for (SimNode node : step.words().isEmpty() ? world.nodes() : nodes(step.words())) {
      PaceFigures pace = node.shards().pace();
      lines.add(
          node.id()
              + " while requests waited: "
              + pace.foregroundSaturated()
              + " records for requests, "
              + pace.backgroundSaturated()
              + " in the background, "
              + pace.refused()
              + " steps put off");
    }
    return lines;
  }

  private static List<Dot> dots(Hint hint) {
    List<Dot> dots = new ArrayList<>();
    for (LogEntry entry : hint.entries()) {
      dots.add(entry.dot());
    }
    return dots;
  }

  private static String text(@Nullable KeyRecord record) {
    return record == null ? "damaged" : OutcomeText.of(record);
  }

  private static String clock(SimNode node, ObjectKey key, int n) {
    Node shard = node.shards().of(key);
    if (shard == null) {
      return "down";
    }
    GroupId group = shard.groupOf(key, n);
    return shard.clockOf(group) + (shard.isCopying(group) ? " (copying, no vote)" : "");
  }

  private String clock(SimNode node, ObjectKey key) {
    return clock(node, key, n.getAsInt());
  }

  private String log(SimNode node, ObjectKey key) {
    try {
      List<String> entries = new ArrayList<>();
      for (LogEntry entry : node.stored().logOf(key, n.getAsInt())) {
        entries.add(
            entry.dot()
                + " "
                + entry.key().key()
                + (entry.replaced().isEmpty() ? "" : " replaced " + entry.replaced()));
      }
      return entries.isEmpty() ? "empty" : String.join("; ", entries);
    } catch (StoreException | DecodeException e) {
      return "unreadable: " + e.getMessage();
    }
  }

  String owners(Step step) {
    List<String> names = new ArrayList<>();
    for (NodeId owner : owners(key(step))) {
      names.add(owner.name());
    }
    return key(step) + " is owned by " + String.join(", ", names);
  }

  List<String> status() {
    List<String> lines = new ArrayList<>();
    for (SimNode node : world.nodes()) {
      lines.add(node.id() + " " + status(node));
    }
    return lines;
  }

  private String status(SimNode node) {
    Node shard = node.shards().of(new ObjectKey(Director.BUCKET, Bytes.utf8("k")));
    if (shard == null) {
      return "down";
    }
    BucketProperties known = shard.propertiesOf(Director.BUCKET);
    return (node.isPaused() ? "paused" : node.isWhole() ? "whole" : "not whole")
        + ", knows n="
        + known.n()
        + " r="
        + known.r()
        + " w="
        + known.w();
  }

  /// Who thinks what of whom, a line for each node that looks.
  List<String> members(Step step) throws SyntaxException {
    List<String> lines = new ArrayList<>();
    for (SimNode node : step.words().isEmpty() ? world.nodes() : nodes(step.words())) {
      List<String> seen = new ArrayList<>();
      for (MemberView view : node.shards().members()) {
        seen.add(text(view));
      }
      lines.add(node.id() + (node.isUp() ? " sees " + String.join(", ", seen) : " is down"));
    }
    return lines;
  }

  static String text(MemberView view) {
    return view.node()
        + " "
        + view.status().name().toLowerCase(Locale.ROOT)
        + " "
        + view.incarnation()
        + (view.slow() ? " slow" : "");
  }

  List<String> held() {
    List<String> lines = new ArrayList<>();
    for (Held held : world.network().held()) {
      lines.add(held.link() + "  " + MessageText.of(held.message()));
    }
    return lines.isEmpty() ? List.of("no message is held") : lines;
  }
}
