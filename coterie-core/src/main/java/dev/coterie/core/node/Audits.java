// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.antientropy.TreeComparison;
import dev.coterie.core.antientropy.TreeHash;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.message.TreeEntry;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.message.TreeMessage.KeysRequest;
import dev.coterie.core.message.TreeMessage.LeafReply;
import dev.coterie.core.message.TreeMessage.LeafRequest;
import dev.coterie.core.message.TreeMessage.Terms;
import dev.coterie.core.message.TreeMessage.TreeReply;
import dev.coterie.core.message.TreeMessage.TreeRequest;
import dev.coterie.core.message.TreeMessage.TreeStatus;
import dev.coterie.core.message.TreeNode;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Vnode;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The independent audit: compares this node's hash trees with those of every other owner, on a
/// schedule and after every suspicious start, for what clocks cannot see.
///
/// A look goes from the roots down to the leaves that differ, and lists these. A difference counts
/// only if a second look finds it again, after both owners have told that they have all that the
/// other had at the first; without an exchange of clocks, after a while. Then both owners send each
/// other their records of those keys. Nothing is ever dropped on the word of a tree.
final class Audits {
  /// Leaves that are listed in one look; the rest waits for the next audit, which is soon.
  private static final int LEAVES_MAX = 32;

  /// Values of one leaf that are compared; above it the rest waits until these are in step.
  private static final int ENTRIES_MAX = 100_000;

  private static final int LENDINGS_MAX = 64;

  /// A difference that cannot be confirmed for so many retry times is looked for anew.
  private static final int PATIENCE = 24;

  private static final class Audit {
    final GroupId group;
    final ArrayDeque<NodeId> left;
    NodeId peer;
    long peerBoot;

    /// Number of the question that is open, 0 for none.
    long round;

    long endsAt;
    final ArrayDeque<Integer> leaves = new ArrayDeque<>();
    TreeComparison leaf = new TreeComparison(0);
    final TreeSet<TreeComparison.Difference> found = new TreeSet<>();

    /// What the first look has found; null during the first look.
    @Nullable TreeSet<TreeComparison.Difference> suspected;

    GroupClock mine = GroupClock.EMPTY;
    GroupClock theirs = GroupClock.EMPTY;

    /// When to look again, 0 while looking.
    long againAt;

    boolean repaired;

    Audit(GroupId group, List<NodeId> owners) {
      this.group = group;
      this.left = new ArrayDeque<>(owners);
      this.peer = owners.getFirst();
    }
  }

  private record Lending(NodeId to, LeafRequest asked) {}

  private final Context context;
  private final Map<GroupId, Audit> audits = new TreeMap<>();
  private final Map<GroupId, Long> due = new TreeMap<>();
  private final Map<GroupId, Long> last = new TreeMap<>();
  private final Map<Long, GroupId> scans = new LinkedHashMap<>();
  private final Map<Long, Lending> lendings = new LinkedHashMap<>();
  private final VnodeOutput vnodeOutput;

  Audits(Context context, VnodeOutput vnodeOutput) {
    this.context = context;
    this.vnodeOutput = vnodeOutput;
  }

  private ExchangeConfig config() {
    return context.config.exchange();
  }

  void begin() {
    if (config().trees()) {
      context.timers.set(Timers.Kind.AUDIT, 0, context.now + config().intervalNanos() / 3);
    }
  }

  /// When `group` was last compared with all its other owners; 0 for not since the start.
  long last(GroupId group) {
    return last.getOrDefault(group, 0L);
  }

  /// How long ago each group here was last compared with all its other owners, in ns.
  SortedMap<GroupId, Long> ages() {
    TreeMap<GroupId, Long> ages = new TreeMap<>();
    for (GroupId group : context.vnodes.keySet()) {
      long at = last(group);
      ages.put(group, at == 0 ? NodeView.NEVER : context.now - at);
    }
    return ages;
  }

  /// When a group is audited for the first time: at once where this disk is known to have forgotten
  /// something.
  private long first(GroupId group) {
    return context.trust == Event.Trust.AMNESIAC ? context.now : turn(group, context.now);
  }

  /// The first turn of `group` after `time`: each has its own, so that the groups are spread
  /// evenly.
  private long turn(GroupId group, long time) {
    long every = config().auditNanos();
    long drawn = Prng.mix(group.hashCode() * 31L + context.self.name().hashCode()) >>> 1;
    return time + 1 + Math.floorMod(drawn - time, every);
  }

  private long untilNext(GroupId group) {
    return turn(group, context.now + config().auditNanos() / 2) - context.now;
  }

  /// What `group` had lost, or lacked, was fetched from others: did anything escape?
  void soon(GroupId group) {
    due.put(group, context.now);
  }

  void tick() {
    for (GroupId group : context.vnodes.keySet()) {
      if (!due.containsKey(group)) {
        due.put(group, first(group));
      }
    }
    for (Audit audit : new ArrayList<>(audits.values())) {
      if (audit.againAt == 0
          ? context.now >= audit.endsAt
          : !context.peers.containsKey(audit.peer)) {
        end(audit, config().retryNanos());
      } else if (audit.againAt != 0 && context.now >= audit.againAt) {
        again(audit);
      }
    }
    for (Map.Entry<GroupId, Long> each : due.entrySet()) {
      if (audits.size() >= config().atOnce()) {
        break;
      }
      if (context.now >= each.getValue() && !audits.containsKey(each.getKey())) {
        start(each.getKey());
      }
    }
    begin();
  }

  private void start(GroupId group) {
    List<NodeId> owners = new ArrayList<>(context.otherOwners(group));
    if (owners.isEmpty()) {
      due.put(group, context.now + untilNext(group));
      last.put(group, context.now);
      return;
    }
    boolean all = context.peers.keySet().containsAll(owners);
    if (!all
        || !context.vnode(group).isComparable()
        || !context.pacer.mayStart(context.now, Pacer.STEP)) {
      due.put(group, context.now + config().retryNanos());
      return;
    }
    Audit audit = new Audit(group, owners);
    audits.put(group, audit);
    next(audit);
  }

  private void next(Audit audit) {
    NodeId peer = audit.left.poll();
    if (peer == null) {
      if (!audit.repaired) {
        last.put(audit.group, context.now);
        context.observe(new Observation.Audited(audit.group));
      }
      end(audit, audit.repaired ? 2 * config().intervalNanos() : untilNext(audit.group));
      return;
    }
    audit.peer = peer;
    audit.suspected = null;
    look(audit);
  }

  private void end(Audit audit, long pause) {
    audits.remove(audit.group);
    scans.remove(audit.round);
    due.put(audit.group, context.now + pause);
  }

  /// Begins a look: the roots of all trees.
  private void look(Audit audit) {
    Long boot = context.peers.get(audit.peer);
    Vnode vnode = context.vnode(audit.group);
    if (boot == null || !vnode.isComparable()) {
      end(audit, config().retryNanos());
      return;
    }
    audit.peerBoot = boot;
    audit.againAt = 0;
    audit.leaves.clear();
    audit.found.clear();
    audit.mine = vnode.clock();
    ask(audit, vnode.tree().roots(vnode.treesFrom(context.wall)));
  }

  private void ask(Audit audit, List<TreeNode> nodes) {
    context.send(audit.peer, new TreeRequest(terms(audit), nodes));
  }

  private Terms terms(Audit audit) {
    audit.round = context.nextId();
    audit.endsAt = context.now + config().retryNanos();
    return new Terms(
        audit.round,
        context.placement.epoch(),
        audit.group,
        context.boot,
        audit.peerBoot,
        HashTree.VERSION,
        context.vnode(audit.group).treeHash().keyCheck());
  }

  private boolean isMine(NodeId from, Terms terms) {
    return terms.epoch() == context.placement.epoch()
        && terms.senderBoot() == context.boot
        && config().trees()
        && context.isOwner(terms.group(), from)
        && context.isOwner(terms.group(), context.self);
  }

  /// Another owner compares its tree with this one.
  void asked(NodeId from, TreeRequest request) {
    Terms terms = request.terms();
    if (!isMine(from, terms)) {
      return;
    }
    Vnode vnode = context.vnode(terms.group());
    TreeStatus status =
        terms.version() != HashTree.VERSION || terms.keyCheck() != vnode.treeHash().keyCheck()
            ? TreeStatus.OTHER_TREES
            : vnode.isComparable() ? TreeStatus.COMPARED : TreeStatus.NOT_READY;
    List<TreeNode> nodes =
        status == TreeStatus.COMPARED
            ? TreeComparison.answer(vnode.tree(), request.nodes(), vnode.treesFrom(context.wall))
            : List.of();
    context.send(from, new TreeReply(terms, status, vnode.lentClock(), nodes));
  }

  private @Nullable Audit awaiting(NodeId from, Terms terms) {
    Audit audit = audits.get(terms.group());
    boolean awaited =
        audit != null
            && audit.round == terms.round()
            && audit.peer.equals(from)
            && terms.askerBoot() == context.boot
            && terms.senderBoot() == audit.peerBoot;
    return awaited ? audit : null;
  }

  void answered(NodeId from, TreeReply reply) {
    Audit audit = awaiting(from, reply.terms());
    if (audit == null) {
      return;
    }
    audit.round = 0;
    switch (reply.status()) {
      case NOT_READY -> end(audit, config().retryNanos());
      case OTHER_TREES -> {
        context.observe(new Observation.OtherTrees(audit.group, from));
        next(audit);
      }
      case COMPARED -> compared(audit, reply);
    }
  }

  private void compared(Audit audit, TreeReply reply) {
    audit.theirs = reply.clock();
    Vnode vnode = context.vnode(audit.group);
    HashTree tree = vnode.tree();
    long from = vnode.treesFrom(context.wall);
    List<TreeNode> below = new ArrayList<>();
    TreeSet<Integer> leaves = new TreeSet<>();
    for (TreeNode node : reply.nodes()) {
      TreeNode own = tree.node(node.hour(), node.index());
      if (own.equals(node) || !HashTree.isFrom(node.hour(), from)) {
        continue;
      }
      if (node.isLeaf()) {
        leaves.add(node.leaf());
      } else if (below.size() < TreeMessage.NODES_MAX / TreeNode.FANOUT) {
        below.add(own);
      }
    }
    if (!below.isEmpty()) {
      ask(audit, below);
      return;
    }
    for (int leaf : leaves) {
      if (audit.leaves.size() < LEAVES_MAX) {
        audit.leaves.add(leaf);
      }
    }
    nextLeaf(audit);
  }

  // Leaves

  private void nextLeaf(Audit audit) {
    Integer leaf = audit.leaves.poll();
    if (leaf == null) {
      looked(audit);
      return;
    }
    audit.leaf = new TreeComparison(leaf);
    scan(audit, Bytes.EMPTY);
  }

  private void scan(Audit audit, Bytes cursor) {
    long id = context.nextId();
    audit.endsAt = context.now + config().retryNanos();
    audit.round = id;
    scans.put(id, audit.group);
    context.out.add(
        new Effect.ScanLeaf(
            id, audit.group, audit.leaf.leaf(), cursor, context.config.copyChunkBytes()));
  }

  void scanned(Event.GroupScanned read) {
    Lending lending = lendings.remove(read.scan());
    if (lending != null) {
      lend(lending, read);
      return;
    }
    GroupId group = scans.remove(read.scan());
    Audit audit = group == null ? null : audits.get(group);
    if (audit == null || audit.round != read.scan()) {
      return;
    }
    audit.round = 0;
    if (!read.damaged().isEmpty() || read.unreadable()) {
      end(audit, config().retryNanos()); // the walk mends it first
      return;
    }
    audit.leaf.addOwn(entries(read), ENTRIES_MAX);
    if (read.last()) {
      context.send(audit.peer, new LeafRequest(terms(audit), audit.leaf.leaf(), Bytes.EMPTY));
    } else {
      scan(audit, read.next());
    }
  }

  private static List<TreeEntry> entries(Event.GroupScanned read) {
    List<TreeEntry> entries = new ArrayList<>();
    for (CopyEntry entry : read.entries()) {
      for (Sibling sibling : entry.record().siblings()) {
        entries.add(TreeHash.entry(entry.key(), sibling));
      }
    }
    return entries;
  }

  void quotas(List<Quota> out) {
    out.add(new Quota("leaves being lent", lendings.size(), LENDINGS_MAX));
  }

  /// Another owner asks for what lies in a leaf.
  void asked(NodeId from, LeafRequest request) {
    GroupId group = request.terms().group();
    if (!isMine(from, request.terms())
        || !context.vnode(group).isComparable()
        || lendings.size() >= LENDINGS_MAX) {
      return;
    }
    long id = context.nextId();
    lendings.put(id, new Lending(from, request));
    context.out.add(
        new Effect.ScanLeaf(
            id, group, request.leaf(), request.cursor(), context.config.copyChunkBytes()));
  }

  private void lend(Lending lending, Event.GroupScanned read) {
    if (read.damaged().isEmpty() && !read.unreadable()) {
      LeafRequest asked = lending.asked();
      context.send(
          lending.to(),
          new LeafReply(
              asked.terms(),
              asked.leaf(),
              asked.cursor(),
              entries(read),
              read.next(),
              read.last()));
    }
  }

  void answered(NodeId from, LeafReply reply) {
    Audit audit = awaiting(from, reply.terms());
    if (audit == null || audit.leaf.leaf() != reply.leaf()) {
      return;
    }
    audit.round = 0;
    audit.leaf.addTheirs(reply.entries(), ENTRIES_MAX);
    if (!reply.last()) {
      context.send(audit.peer, new LeafRequest(terms(audit), reply.leaf(), reply.next()));
      return;
    }
    audit.found.addAll(audit.leaf.differences(expiredBy()));
    nextLeaf(audit);
  }

  /// What has expired by this is no difference.
  private long expiredBy() {
    return context.config.plants().has(Plant.TREE_IGNORES_EXPIRY) ? 0 : context.wall;
  }

  // Judgement

  private void looked(Audit audit) {
    TreeSet<TreeComparison.Difference> suspected = audit.suspected;
    if (context.config.plants().has(Plant.AUDIT_TRUSTS_FIRST_DIFFERENCE)) {
      suspected = audit.found;
    }
    if (audit.found.isEmpty()) {
      next(audit);
    } else if (suspected == null) {
      audit.suspected = new TreeSet<>(audit.found);
      audit.againAt = context.now + 2 * config().intervalNanos();
      audit.endsAt = context.now + PATIENCE * config().retryNanos();
    } else {
      audit.found.retainAll(suspected);
      confirmed(audit);
      next(audit);
    }
  }

  /// The second look, once both have what the other had at the first.
  private void again(Audit audit) {
    Vnode vnode = context.vnode(audit.group);
    boolean exchanged =
        !config().clocks()
            || (audit.theirs.beyond(vnode.clock()).isEmpty()
                && audit.mine.beyond(vnode.toldBy(audit.peer)).isEmpty());
    if (exchanged) {
      look(audit);
    } else if (context.now >= audit.endsAt) {
      end(audit, config().retryNanos());
    }
  }

  private void confirmed(Audit audit) {
    if (audit.found.isEmpty()) {
      return;
    }
    TreeSet<ObjectKey> keys = new TreeSet<>();
    for (TreeComparison.Difference difference : audit.found) {
      if (keys.size() < TreeMessage.KEYS_MAX) {
        keys.add(difference.entry().key());
      }
    }
    audit.repaired = true;
    context.observe(new Observation.AuditFound(audit.group, audit.peer, new ArrayList<>(keys)));
    context.send(audit.peer, new KeysRequest(terms(audit), new ArrayList<>(keys)));
    audit.round = 0;
    Vnode vnode = context.vnode(audit.group);
    if (context.config.plants().has(Plant.AUDIT_DELETES_WHAT_OTHER_LACKS)) {
      for (TreeComparison.Difference difference : audit.found) {
        if (difference.isOwn()) {
          vnode.submit(
              difference.entry().key(),
              new VnodeTask.Disown(DotSet.of(difference.entry().dot())),
              vnodeOutput);
        }
      }
      return;
    }
    for (ObjectKey key : keys) {
      tell(vnode, key, audit.peer);
    }
  }

  private void tell(Vnode vnode, ObjectKey key, NodeId to) {
    vnode.submit(
        key,
        new VnodeTask.Join(List.of(), List.of(), List.of(to), false, VnodeTask.REPAIR),
        vnodeOutput);
  }

  /// Another owner has found these keys to differ: it is told what is here.
  void asked(NodeId from, KeysRequest request) {
    if (isMine(from, request.terms())) {
      for (ObjectKey key : request.keys()) {
        tell(context.vnode(request.terms().group()), key, from);
      }
    }
  }

  void peerDown(NodeId peer) {
    for (Audit audit : new ArrayList<>(audits.values())) {
      if (audit.peer.equals(peer)) {
        end(audit, config().retryNanos());
      }
    }
    lendings.values().removeIf(lending -> lending.to().equals(peer));
  }
}
