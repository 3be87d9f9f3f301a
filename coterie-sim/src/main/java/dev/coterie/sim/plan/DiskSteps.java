// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.host.identity.IdentityPort;
import dev.coterie.host.transport.PeerMemory;
import dev.coterie.sim.disk.CrashMode;
import dev.coterie.sim.disk.SimIdentity;
import dev.coterie.sim.disk.SimImage;
import dev.coterie.sim.history.History;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/// What is done to the disks and identity files of nodes, and the backups that were taken of them.
/// The history hears of every damage before it is done.
final class DiskSteps {
  private final World world;
  private final Names names;
  private final Faults faults;
  private final History history;
  private final IntSupplier n;
  private final SortedMap<NodeId, Backup> backups = new TreeMap<>();

  /// What a node held, and how far it had come.
  private record Backup(SimImage disk, SimIdentity.Image identity, long boot, long sequence) {}

  /// @param n copies that the bucket keeps now
  DiskSteps(World world, Names names, Faults faults, History history, IntSupplier n) {
    this.world = world;
    this.names = names;
    this.faults = faults;
    this.history = history;
    this.n = n;
  }

  // Whole disks

  void wipe(Step step) throws SyntaxException {
    SimNode node = names.node(step);
    history.replaced(world.now(), node.id());
    replace(
        step,
        node,
        () -> {
          node.disk().wipe();
          node.identity().wipe();
        });
  }

  void backup(Step step) throws SyntaxException {
    SimNode node = names.node(step);
    backups.put(
        node.id(),
        new Backup(
            node.disk().snapshot(),
            node.identity().snapshot(),
            bootOf(node),
            node.disk().latestSequence()));
  }

  private static long bootOf(SimNode node) {
    return node.identity().load() instanceof IdentityPort.Loaded.Found found
        ? found.identity().boot()
        : 0;
  }

  /// Does nothing where there is no backup.
  void restore(Step step) throws SyntaxException {
    SimNode node = names.node(step);
    NodeId source = names.nodeId(step.option("from", node.id().name()));
    Backup backup = backups.get(source);
    if (backup == null) {
      return;
    }
    boolean all = step.option("identity", "old").equals("old");
    if (all && source.equals(node.id()) && !isFoundOut(node, backup)) {
      history.damaged(world.now(), node.id());
      history.damagedSilently(world.now(), node.id());
    } else {
      history.replaced(world.now(), node.id());
    }
    replace(
        step,
        node,
        () -> {
          node.disk().restore(backup.disk());
          if (all) {
            node.identity().restore(backup.identity());
          }
        });
  }

  /// Whether somebody within reach of `node` knows that it had come further than its backup: an
  /// image younger than what it has announced last cannot be told from a crash, and whoever knows
  /// better must be there to say so.
  private boolean isFoundOut(SimNode node, Backup backup) {
    for (SimNode other : world.nodes()) {
      boolean there =
          other != node
              && other.isUp()
              && !other.isPaused()
              && !world.network().isCut(new Link(node.id(), other.id()))
              && !world.network().isCut(new Link(other.id(), node.id()));
      PeerMemory.Known known = there ? other.memory().peers().get(node.id()) : null;
      if (known != null && (known.boot() > backup.boot() || known.synced() > backup.sequence())) {
        return true;
      }
    }
    return false;
  }

  /// Cuts the write-ahead log short, the identity file stays: F04.
  void truncate(Step step) throws SyntaxException {
    SimNode node = names.node(step);
    long by = step.number("by", 10);
    history.damaged(world.now(), node.id());
    replace(
        step, node, () -> node.disk().truncateTo(Math.max(0, node.disk().latestSequence() - by)));
  }

  /// The node is down while its disk is changed, and up again where it was.
  private void replace(Step step, SimNode node, Runnable change) {
    faults.add(step);
    boolean up = node.isUp();
    node.crash(CrashMode.KEEP_ALL);
    change.run();
    if (up) {
      node.start();
    }
  }

  // What lies on them

  private SimNode damaged(Step step) throws SyntaxException {
    faults.add(step);
    SimNode node = names.node(step);
    history.damaged(world.now(), node.id());
    return node;
  }

  void corrupt(Step step) throws SyntaxException {
    damaged(step).stored().corrupt(Names.key(step), n.getAsInt());
  }

  void rot(Step step) throws SyntaxException {
    damaged(step).stored().rot(Names.key(step), n.getAsInt());
  }

  void corruptHints(Step step) throws SyntaxException {
    damaged(step).stored().corruptHints(Names.key(step));
  }

  void loseIdentity(Step step) throws SyntaxException {
    faults.add(step);
    SimNode node = names.node(step);
    history.lostIdentity(world.now(), node.id());
    node.identity().lose();
  }

  /// A record goes without a trace.
  void lose(Step step) throws SyntaxException {
    faults.add(step);
    SimNode node = names.node(step);
    history.damagedSilently(world.now(), node.id());
    node.stored().loseSilently(Names.key(step), n.getAsInt());
  }

  void losePeers(Step step) throws SyntaxException {
    faults.add(step);
    names.node(step).identity().remember(PeerMemory.EMPTY);
  }

  // What they refuse

  void failSync(Step step) throws SyntaxException {
    faults.add(step);
    SimNode node = names.node(step);
    if (node.disk().isLying()) {
      history.damaged(world.now(), node.id());
    }
    node.disk().failNextSyncs(1, new Prng(world.now()));
  }

  /// From now on its syncs say that they are done, and do nothing.
  void lie(Step step) throws SyntaxException {
    faults.add(step);
    names.node(step).disk().lyingSync(true);
  }

  void failWrite(Step step) throws SyntaxException {
    faults.add(step);
    names.node(step).disk().failNextWrites(1);
  }

  void failRead(Step step) throws SyntaxException {
    faults.add(step);
    names.node(step).disk().failNextReads((int) step.number("count", 1));
  }

  void full(Step step) throws SyntaxException {
    faults.add(step);
    names.node(step).disk().full(true);
  }

  void free(Step step) throws SyntaxException {
    names.node(step).disk().full(false);
  }

  /// Of one node, or, which counts as no fault, of all.
  void slowSync(Step step) throws SyntaxException {
    if (step.words().isEmpty()) {
      world.slowSyncs(step.number("factor", 1));
    } else {
      faults.add(step);
      names.node(step).slowSyncs(step.number("factor", 1));
    }
  }
}
