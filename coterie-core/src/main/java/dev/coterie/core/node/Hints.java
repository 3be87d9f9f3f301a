// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.coordinator.PutCoordinator;
import dev.coterie.core.handoff.HintLedger;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Change;
import dev.coterie.core.vnode.VnodeOutput.MintRefusal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The hints that this node holds as a fallback. It keeps no clock and no log: what it knows of a
/// key is what lies in the hint, and a mint here is over that hint alone and claims one dot, never
/// a range (model, M-1).
///
/// Hints lie in the store. After a start they are counted, chunk by chunk; until then no new ones
/// are taken.
final class Hints {
  /// Where results go.
  interface Output {
    /// A dot was minted here; `record` is the whole hint's record after it.
    void hintMinted(PutCoordinator put, KeyRecord record, Dot dot, List<Dot> replaced);

    /// A write has thrown away what its client had not been shown.
    void discarded(ObjectKey key, long request, LastWrite.Loss loss);

    void hintMintRefused(PutCoordinator put, MintRefusal refusal, int siblings);

    /// There is no room for what was to be minted.
    void hintMintFull(PutCoordinator put);

    /// Something new is held in `slot`.
    void hintChanged(HintSlot slot);

    /// A write is held from now on.
    void hintHeld(Dot dot, NodeId from);

    /// All that an operator has asked for has been read.
    void hintsTold(HintQuestion question);

    /// What this node holds of a key that its own read asks for.
    void hintFound(long request, ReadStatus status, KeyRecord record);
  }

  private sealed interface Task {
    record Store(NodeId from, HandoffMessage.StoreHint store) implements Task {}

    record Mint(PutCoordinator put) implements Task {}

    record Read(Question question) implements Task {}

    /// An operator asks what is held.
    record Tell(HintQuestion question) implements Task {}

    /// An owner holds `dots` durably.
    record Taken(DotSet dots) implements Task {}
  }

  private static final class Question {
    final NodeId from;
    final long request;
    final GroupId group;
    int slots;
    KeyRecord joined = KeyRecord.EMPTY;
    boolean failed;

    Question(NodeId from, long request, GroupId group) {
      this.from = from;
      this.request = request;
      this.group = group;
    }
  }

  private static final class Minter {
    final ActorId actor;
    long counter;

    Minter(ActorId actor) {
      this.actor = actor;
    }
  }

  private final Context context;
  private final Output output;
  private HintLedger ledger;
  private final SortedMap<HintSlot, List<Task>> lanes = new TreeMap<>();
  private final SortedMap<GroupId, Minter> minters = new TreeMap<>();
  private boolean counted;
  private long countedAt;
  private long scan;
  private Bytes cursor = Bytes.EMPTY;

  Hints(Context context, Output output) {
    this.context = context;
    this.output = output;
    this.ledger = new HintLedger(context.config.handoff());
  }

  HintLedger ledger() {
    return ledger;
  }

  /// Whether all hints of the store are counted: only then are new ones taken and old ones given.
  boolean isCounted() {
    return counted;
  }

  /// Whether nothing is held any more that was held at `nanos`.
  boolean isClearSince(long nanos) {
    boolean clear = counted;
    for (HintLedger.Sum sum : ledger.sums()) {
      clear &= sum.sinceNanos() > Math.max(nanos, countedAt);
    }
    return clear;
  }

  /// Begins to count what the store holds.
  void begin() {
    scan = context.nextId();
    context.out.add(
        new Effect.ScanHints(scan, null, null, cursor, context.config.handoff().chunkBytes()));
    // The disk may refuse to be read now.
    context.timers.set(Timers.Kind.HINTS, 0, context.now + context.config.handoff().retryNanos());
  }

  /// @return whether the chunk was asked for here
  boolean scanned(Event.HintsScanned chunk) {
    if (chunk.scan() != scan) {
      return false;
    }
    for (Event.HintsScanned.Held held : chunk.held()) {
      if (context.ownsPartition(held.slot().group().partition())) {
        ledger.replaced(held.slot(), Hint.EMPTY, held.hint(), context.now);
      }
    }
    dropDamaged(chunk);
    cursor = chunk.next();
    if (chunk.last()) {
      counted = true;
      countedAt = context.now;
      scan = 0;
      context.timers.cancel(Timers.Kind.HINTS, 0);
    } else {
      scan = 0;
      context.timers.set(Timers.Kind.HINTS, 0, context.now + context.config.handoff().pauseNanos());
    }
    return true;
  }

  /// What cannot be read cannot be given: the owner gets it by anti-entropy. How much room it took
  /// nobody knows, so all are counted anew. One whose slot cannot be read lies where it is until
  /// another hint takes its place.
  void dropDamaged(Event.HintsScanned chunk) {
    if (counted && (chunk.unreadable() || !chunk.damaged().isEmpty())) {
      recount();
    }
    for (HintSlot slot : chunk.damaged()) {
      if (context.ownsPartition(slot.group().partition())) {
        context.observe(new Observation.HintDamaged(slot));
        context.change(new Change.DropHint(slot));
      }
    }
  }

  private void recount() {
    counted = false;
    ledger = new HintLedger(context.config.handoff());
    cursor = Bytes.EMPTY;
    context.timers.set(Timers.Kind.HINTS, 0, context.now + context.config.handoff().pauseNanos());
  }

  // Tasks

  void store(NodeId from, HandoffMessage.StoreHint store) {
    if (!counted) {
      full(from, store);
      return;
    }
    submit(new HintSlot(store.owner(), store.group(), store.key()), new Task.Store(from, store));
  }

  /// Mints for a client's write, on the hint for `owner`.
  void mint(PutCoordinator put, NodeId owner) {
    if (counted) {
      submit(new HintSlot(owner, put.group(), put.key()), new Task.Mint(put));
    } else {
      output.hintMintFull(put);
    }
  }

  /// Tells `from` what is held of `key`, for whatever owner.
  void read(NodeId from, long request, GroupId group, ObjectKey key) {
    Question question = new Question(from, request, group);
    List<NodeId> owners = context.placement.ownersOf(group.policy(), group.partition());
    question.slots = owners.size();
    for (NodeId owner : owners) {
      submit(new HintSlot(owner, group, key), new Task.Read(question));
    }
  }

  /// Tells an operator, through `from`, what is held of `key`, and for which owner.
  void tell(NodeId from, long request, GroupId group, ObjectKey key) {
    List<NodeId> owners = context.placement.ownersOf(group.policy(), group.partition());
    HintQuestion question = new HintQuestion(from, request, owners.size());
    for (NodeId owner : owners) {
      submit(new HintSlot(owner, group, key), new Task.Tell(question));
    }
  }

  private void told(HintQuestion question, NodeId owner, Hint held, boolean readable) {
    if (question.told(owner, held, readable)) {
      output.hintsTold(question);
    }
  }

  /// An owner has durably taken `dots` of the hint in `slot`.
  void taken(HintSlot slot, DotSet dots) {
    if (counted && context.ownsPartition(slot.group().partition())) {
      submit(slot, new Task.Taken(dots));
    }
  }

  private void submit(HintSlot slot, Task task) {
    List<Task> lane = lanes.get(slot);
    if (lane != null) {
      lane.add(task);
      return;
    }
    List<Task> fresh = new ArrayList<>(2);
    fresh.add(task);
    lanes.put(slot, fresh);
    context.out.add(new Effect.ReadHint(slot));
  }

  /// The store's answer.
  ///
  /// @param stored null where it cannot be read
  /// @param damaged whether it fails its checksum: then it is worth nothing, and what comes takes
  ///   its place
  void read(HintSlot slot, @Nullable Hint stored, boolean damaged) {
    List<Task> lane = lanes.remove(slot);
    if (lane == null) {
      return;
    }
    if (stored == null && !damaged) {
      lane.forEach(task -> failed(slot, task));
      return;
    }
    Hint before = stored == null ? Hint.EMPTY : stored;
    Hint now = before;
    for (Task task : lane) {
      switch (task) {
        case Task.Store(NodeId from, HandoffMessage.StoreHint store) ->
            now = store(slot, before, now, from, store);
        case Task.Mint(PutCoordinator put) -> now = mint(slot, before, now, put);
        case Task.Read(Question question) -> answer(question, now);
        case Task.Tell(HintQuestion question) -> told(question, slot.owner(), now, stored != null);
        case Task.Taken(DotSet dots) -> now = dropTaken(slot, now, dots);
      }
    }
    if (stored == null && counted) {
      context.observe(new Observation.HintDamaged(slot));
      recount();
    }
    if (now != before) {
      if (before.isEmpty() && !now.isEmpty()) {
        now = now.since(context.wall);
      }
      if (counted) {
        ledger.replaced(slot, before, now, context.now);
      }
      context.change(now.isEmpty() ? new Change.DropHint(slot) : new Change.PutHint(slot, now));
      if (!now.isEmpty()) {
        output.hintChanged(slot);
      }
    }
  }

  /// The disk would not read the hint now: what it holds may be whole, and is left alone.
  private void failed(HintSlot slot, Task task) {
    switch (task) {
      case Task.Store(NodeId from, HandoffMessage.StoreHint store) ->
          context.send(from, reply(store, StoreStatus.FAILED));
      case Task.Mint(PutCoordinator put) -> output.hintMintRefused(put, MintRefusal.DAMAGED, 0);
      case Task.Read(Question question) -> {
        question.failed = true;
        answer(question, Hint.EMPTY);
      }
      case Task.Tell(HintQuestion question) -> told(question, slot.owner(), Hint.EMPTY, false);
      case Task.Taken _ -> {} // it is given again
    }
  }

  private Hint store(
      HintSlot slot, Hint stored, Hint now, NodeId from, HandoffMessage.StoreHint store) {
    LogEntry entry = new LogEntry(store.dot(), slot.key(), store.replaced(), store.operation());
    Invariant.check(
        store.record().context().contains(store.dot()), "hint without its dot %s", store.dot());
    Hint after = now.with(store.record(), entry);
    if (!hasRoom(slot, stored, after)) {
      full(from, store);
      return now;
    }
    if (store.wish() != AckWish.SYNCED) {
      context.afterWritten(new Release.Say(from, reply(store, StoreStatus.BUFFERED)));
    }
    if (store.wish() != AckWish.BUFFERED) {
      context.afterSynced(new Release.Say(from, reply(store, StoreStatus.SYNCED)));
    }
    context.observe(new Observation.HintStored(slot, store.dot()));
    if (after.entries().size() > now.entries().size()) {
      output.hintHeld(store.dot(), from);
    }
    return after;
  }

  private void full(NodeId from, HandoffMessage.StoreHint store) {
    context.observe(new Observation.HintRefused(store.owner(), store.key()));
    context.send(from, reply(store, StoreStatus.FULL));
  }

  static HandoffMessage.StoreHintReply reply(HandoffMessage.StoreHint store, StoreStatus status) {
    return new HandoffMessage.StoreHintReply(store.request(), store.group(), status);
  }

  private Hint mint(HintSlot slot, Hint stored, Hint now, PutCoordinator put) {
    KeyRecord before = now.record();
    boolean lastWriteWins = context.lastWrites.applies(put.key().bucket());
    long stamp = lastWriteWins ? context.lastWrites.stamp(before) : 0;
    CausalContext seen = put.seen();
    for (Dot held : lastWriteWins ? before.dots() : List.<Dot>of()) {
      seen = seen.with(held);
    }
    List<Dot> replaced = new ArrayList<>();
    long bytes = 0;
    for (Sibling sibling : before.siblings()) {
      if (seen.contains(sibling.dot())) {
        replaced.add(sibling.dot());
      } else {
        bytes += sibling.value().length();
      }
    }
    Bytes value = put.value();
    int left = before.siblings().size() - replaced.size();
    if (value != null && left > 0) {
      if (left + 1 > context.config.siblingsMax()) {
        output.hintMintRefused(put, MintRefusal.TOO_MANY_SIBLINGS, before.siblings().size());
        return now;
      }
      if (bytes + value.length() > context.config.recordBytesMax()) {
        output.hintMintRefused(put, MintRefusal.SIBLINGS_TOO_LARGE, before.siblings().size());
        return now;
      }
    }
    Minter minter = minters.computeIfAbsent(put.group(), group -> new Minter(context.actor(group)));
    Dot dot = new Dot(minter.actor, minter.counter + 1);
    // One dot, not a range: this hint need not hold this actor's earlier dots of the key, which may
    // lie in the hint for another owner, or be given and dropped already.
    CausalContext minted = before.context().join(seen).with(dot);
    if (context.config.plants().has(Plant.FALLBACK_EXTENDS_RANGE)) {
      minted = new CausalContext(minted.dots().withRange(dot.actor(), 1, dot.counter()));
    }
    Sibling sibling = null;
    if (value != null) {
      long hash = context.config.valueHashKey().hash(value.array());
      sibling = new Sibling(dot, value, hash, put.expiryMillis(), put.operation(), stamp);
    } else if (lastWriteWins) {
      long hash = context.config.valueHashKey().hash(Bytes.EMPTY.array());
      sibling = LastWrite.deleted(dot, hash, put.operation(), stamp);
    }
    KeyRecord record = before.written(seen, minted, sibling);
    Hint after =
        new Hint(record, now.entries(), now.sinceMillis())
            .with(KeyRecord.EMPTY, new LogEntry(dot, slot.key(), replaced, put.operation()));
    if (!hasRoom(slot, stored, after)) {
      output.hintMintFull(put);
      return now;
    }
    minter.counter++;
    if (lastWriteWins) {
      output.discarded(put.key(), put.id(), LastWrite.loss(before, put.seen(), context.wall));
    }
    context.observe(new Observation.HintStored(slot, dot));
    output.hintHeld(dot, context.self);
    output.hintMinted(put, record, dot, replaced);
    return after;
  }

  private void answer(Question question, Hint held) {
    question.joined = question.joined.join(held.record());
    if (--question.slots > 0) {
      return;
    }
    boolean bug = context.config.plants().has(Plant.FALLBACK_VOTES_NOT_FOUND);
    ReadStatus status =
        question.failed
            ? ReadStatus.FAILED
            : !question.joined.isEmpty()
                ? ReadStatus.FOUND
                : bug ? ReadStatus.NOT_FOUND : ReadStatus.NO_VOTE;
    if (question.from.equals(context.self)) {
      output.hintFound(question.request, status, question.joined);
    } else {
      context.send(
          question.from,
          new HandoffMessage.ReadHintReply(
              question.request, question.group, status, question.joined));
    }
  }

  private Hint dropTaken(HintSlot slot, Hint now, DotSet dots) {
    boolean bug = context.config.plants().has(Plant.HINT_ACK_IGNORES_NEW_DOTS);
    if (now.isEmpty() || !(dots.containsAll(now.dots()) || bug)) {
      return now;
    }
    context.observe(new Observation.HintDelivered(slot, now.dots()));
    return Hint.EMPTY;
  }

  private boolean hasRoom(HintSlot slot, Hint before, Hint after) {
    return ledger.hasRoom(slot, before, after)
        || context.config.plants().has(Plant.HINT_STORE_UNBOUNDED);
  }

  void quotas(List<Quota> out) {
    long most = 0;
    for (HintLedger.Sum sum : ledger.sums()) {
      most = Math.max(most, sum.bytes());
    }
    out.add(
        new Quota("bytes of hints for one owner", most, context.config.handoff().ownerBytesMax()));
    out.add(new Quota("bytes of hints", ledger.bytes(), context.config.handoff().bytesMax()));
  }

  /// For operators: what is held, by owner.
  List<HintLedger.Sum> sums() {
    return ledger.sums();
  }
}
