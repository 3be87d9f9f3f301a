// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.sim.history.History;
import dev.coterie.sim.oracle.Oracles;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.World;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/// Carries out steps: gives each, by its verb, to who does such things to clients, nodes, disks or
/// links.
public final class Director {
  /// Every key of a script lies in this bucket.
  public static final BucketId BUCKET = BucketId.untyped(Bytes.utf8("b"));

  private final Faults faults = new Faults();
  private final Names names;
  private final Bucket bucket;
  private final ClientSteps clients;
  private final NodeSteps nodes;
  private final DiskSteps disks;
  private final LinkSteps links;

  /// @param begun the bucket's properties at the beginning
  /// @param print hears what a person would like to read: outcomes, views
  public Director(
      World world,
      BucketProperties begun,
      History history,
      Oracles oracles,
      Consumer<String> print) {
    this.names = new Names(world);
    this.bucket = new Bucket(world, begun, names, print);
    this.clients = new ClientSteps(world, names, bucket, history, oracles, print);
    this.nodes = new NodeSteps(world, names, faults, history);
    this.disks = new DiskSteps(world, names, faults, history, bucket::n);
    this.links = new LinkSteps(world, names, faults);
  }

  /// Copies of each key, as they were last set.
  public int n() {
    return bucket.n();
  }

  /// How many faults were injected, single messages not counted.
  public int faults() {
    return faults.count();
  }

  /// How many of them each verb has injected.
  public SortedMap<String, Integer> faultsByKind() {
    return faults.byKind();
  }

  /// The nodes of a list with commas; `*` means all.
  List<NodeId> nodes(String list) throws SyntaxException {
    return names.nodes(list);
  }

  public void perform(Step step) throws SyntaxException {
    switch (step.verb()) {
      case "put", "delete" -> clients.write(step);
      case "get" -> clients.read(step);
      case "properties" -> bucket.change(step);
      case "crash" -> nodes.crash(step);
      case "stop" -> nodes.stop(step);
      case "start", "restart" -> nodes.start(step);
      case "pause" -> nodes.pause(step);
      case "resume" -> nodes.resume(step);
      case "slow" -> nodes.slow(step);
      case "clock" -> nodes.clock(step);
      case "wipe" -> disks.wipe(step);
      case "backup" -> disks.backup(step);
      case "restore" -> disks.restore(step);
      case "truncate" -> disks.truncate(step);
      case "corrupt" -> disks.corrupt(step);
      case "rot" -> disks.rot(step);
      case "corrupt-hints" -> disks.corruptHints(step);
      case "lose" -> disks.lose(step);
      case "lose-identity" -> disks.loseIdentity(step);
      case "lose-peers" -> disks.losePeers(step);
      case "lie" -> disks.lie(step);
      case "fail-sync" -> disks.failSync(step);
      case "fail-write" -> disks.failWrite(step);
      case "fail-read" -> disks.failRead(step);
      case "full" -> disks.full(step);
      case "free" -> disks.free(step);
      case "slow-sync" -> disks.slowSync(step);
      case "cut" -> links.cut(step);
      case "split" -> links.split(step);
      case "mend", "heal" -> links.mend(step);
      case "hold" -> links.hold(step);
      case "unhold" -> links.unhold(step);
      case "deliver", "duplicate", "drop" -> links.byHand(step);
      case "resume-network" -> links.resume();
      default ->
          throw new SyntaxException(
              "unknown verb '" + step.verb() + "'; docs/simulation.md lists them");
    }
  }
}
