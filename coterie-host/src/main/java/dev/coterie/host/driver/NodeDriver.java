// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.driver;

import dev.coterie.codec.message.MessageCodec;
import dev.coterie.codec.store.StoreCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.PeerClocks;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.message.TreeLeaf;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.node.Effect;
import dev.coterie.core.node.Effects;
import dev.coterie.core.node.Event;
import dev.coterie.core.node.Node;
import dev.coterie.core.node.Observation;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Change;
import dev.coterie.core.vnode.Gap;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import dev.coterie.host.transport.Transport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One shard of a running node. Not thread-safe: whoever turns it calls every method from one
/// thread.
///
/// A drain takes every event of the inbox through the core, reads what the core asks for, writes
/// all changes as one batch, asks the host for one sync if somebody waits for it, and flushes the
/// transport once.
public final class NodeDriver {
  /// What a driver asks of whoever turns it.
  public interface Host {
    void respond(long id, Outcome outcome);

    void observed(Observation what);

    /// Call [NodeDriver#wake] at `nanos` or soon after.
    void wakeAt(long nanos);

    /// Sync the store, then call [NodeDriver#synced] with `batch`. Several wishes may be met by one
    /// sync.
    void syncWanted(long batch);

    void propertiesChanged(PropertiesEntry entry);

    /// Shard 0 knows all bucket properties.
    void propertiesKnown();

    void propertiesAnswered(long id, int told, int members);

    void propertiesRefused(long id, Reason reason);

    /// What shard 0 thinks of a member has changed: the other shards must know.
    void livenessChanged(MemberView view);

    /// Shard 0 has measured the other members' wall clocks: the other shards must know.
    void clocksMeasured(PeerClocks.Range most);

    /// A request of a shard other than 0 got no answer of `node` in its time.
    void memberMissed(NodeId node);

    void explained(long id, KeyReport report);

    void notExplained(long id, Reason reason);

    /// The store failed. Everything open has been answered; the driver does nothing more.
    void storeFailed(StoreException cause);
  }

  /// Gaps that one answer tells of; the next begins behind them.
  private static final int GAPS_MAX = 64;

  private record Cached(GroupId group, ObjectKey key) implements Comparable<Cached> {
    @Override
    public int compareTo(Cached other) {
      int order = key.compareTo(other.key);
      return order == 0 ? group.compareTo(other.group) : order;
    }
  }

  private record LeafId(GroupId group, long hour, int leaf) implements Comparable<LeafId> {
    @Override
    public int compareTo(LeafId other) {
      int order = group.compareTo(other.group);
      if (order == 0) {
        order = Long.compare(hour, other.hour);
      }
      return order == 0 ? Integer.compare(leaf, other.leaf) : order;
    }
  }

  private final Node node;
  private final Store store;
  private final Transport transport;
  private final StoreCodec codec;
  private final SipHash valueHashKey;
  private final Host host;
  private final ArrayDeque<Event> inbox = new ArrayDeque<>();

  /// What scans have found: taken before anything that came later.
  private final ArrayDeque<Event> found = new ArrayDeque<>();

  private final Effects effects = new Effects();
  private final List<Effect.ReadRecord> reads = new ArrayList<>();
  private final List<Effect.ScanGroup> scans = new ArrayList<>();
  private final List<Effect.ScanLeaf> leafScans = new ArrayList<>();
  private final List<Effect.ReadLog> logReads = new ArrayList<>();

  /// Records that are changed and not yet written.
  private final SortedMap<Cached, KeyRecord> unwritten = new TreeMap<>();

  private final HintReader hints;

  /// Places whose records are dropped, which is not yet written.
  private final GapDropper gaps;

  /// The last sum of each leaf of a hash tree that is changed and not yet written.
  private final SortedMap<LeafId, Change.PutTreeLeaf> lastLeaves = new TreeMap<>();

  private boolean failed;
  private long batchesWritten;
  private long wall;

  public NodeDriver(
      Node node,
      Store store,
      Transport transport,
      StoreCodec codec,
      SipHash valueHashKey,
      Host host) {
    this.node = node;
    this.store = store;
    this.transport = transport;
    this.codec = codec;
    this.valueHashKey = valueHashKey;
    this.host = host;
    this.hints = new HintReader(store, codec, valueHashKey);
    this.gaps = new GapDropper(store, codec, valueHashKey);
  }

  public Node node() {
    return node;
  }

  public long batchesWritten() {
    return batchesWritten;
  }

  public boolean hasFailed() {
    return failed;
  }

  /// Adds an event; it is taken by the next [#drain].
  public void enqueue(Event event) {
    inbox.add(event);
  }

  public void wake() {
    inbox.add(new Event.Tick());
  }

  public void synced(long batch) {
    inbox.add(new Event.Synced(batch));
  }

  public boolean hasWork() {
    return !inbox.isEmpty() || !found.isEmpty();
  }

  /// Takes everything that is in the inbox, and all that follows from it here and now.
  ///
  /// @param wallMillis what the wall clock reads, in ms since 1970: one value for the whole drain
  public void drain(long nowNanos, long wallMillis) {
    wall = wallMillis;
    boolean touched = false;
    while (!inbox.isEmpty()) {
      touched = true;
      drainInbox(nowNanos);
      write(nowNanos);
      scan();
      inbox.addAll(found);
      found.clear();
    }
    if (touched) {
      transport.flush();
    }
  }

  /// Takes one event through the core and writes what it changed: for a host in which each event
  /// takes time.
  public void drainOne(long nowNanos, long wallMillis) {
    wall = wallMillis;
    Event event = found.isEmpty() ? inbox.poll() : found.poll();
    if (event != null) {
      take(nowNanos, event);
      write(nowNanos);
      scan();
      transport.flush();
    }
  }

  private void drainInbox(long now) {
    while (!inbox.isEmpty()) {
      take(now, inbox.poll());
    }
  }

  private void take(long now, Event event) {
    step(now, event);
    while (!reads.isEmpty() || hints.hasReads()) {
      List<Effect.ReadRecord> wanted = new ArrayList<>(reads);
      reads.clear();
      for (Effect.ReadRecord read : wanted) {
        step(now, read(read));
      }
      for (HintSlot slot : hints.takeReads()) {
        step(now, hints.read(slot));
      }
    }
  }

  private void step(long now, Event event) {
    effects.inbox(inbox.size());
    node.step(now, wall, event, effects);
    List<Effect> wanted = effects.effects();
    for (int i = 0; i < wanted.size(); i++) {
      carryOut(wanted.get(i));
    }
    wanted.clear();
    remember();
  }

  private int remembered;

  /// Later reads of this drain must see the records that this step changed.
  private void remember() {
    List<Change> changes = effects.changes();
    for (; remembered < changes.size(); remembered++) {
      switch (changes.get(remembered)) {
        case Change.PutRecord(GroupId group, ObjectKey key, KeyRecord record) ->
            unwritten.put(new Cached(group, key), record);
        case Change.DropRecord(GroupId group, ObjectKey key) ->
            unwritten.put(new Cached(group, key), KeyRecord.EMPTY);
        case Change.DropRecords(GroupId group, Gap gap) -> gaps.dropped(group, gap);
        case Change.PutHint(HintSlot slot, Hint hint) -> hints.changed(slot, hint);
        case Change.DropHint(HintSlot slot) -> hints.changed(slot, Hint.EMPTY);
        case Change.PutTreeLeaf leaf ->
            lastLeaves.put(new LeafId(leaf.group(), leaf.leaf().hour(), leaf.leaf().leaf()), leaf);
        case Change.PutLog _,
            Change.DropLog _,
            Change.PutGroup _,
            Change.PutProperties _,
            Change.PutRefused _ -> {}
      }
    }
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Send(NodeId to, Message message) -> {
        Bytes encoded = MessageCodec.encode(message);
        Transport.Sent sent = transport.send(to, encoded);
        if (sent == Transport.Sent.TOO_LARGE) {
          host.observed(
              new Observation.TooLargeToSend(
                  to, message.getClass().getSimpleName(), encoded.length()));
        }
        if (message instanceof TreeMessage) {
          host.observed(new Observation.TreeBytes(encoded.length()));
        }
        if (sent != Transport.Sent.QUEUED) {
          inbox.add(new Event.NotSent(to, message));
        }
      }
      case Effect.Respond(long id, Outcome outcome) -> host.respond(id, outcome);
      case Effect.ReadRecord read -> reads.add(read);
      case Effect.ScanGroup scan -> scans.add(scan);
      case Effect.ScanLeaf scan -> leafScans.add(scan);
      case Effect.ReadLog read -> logReads.add(read);
      case Effect.ReadHint(HintSlot slot) -> hints.wantRead(slot);
      case Effect.ScanHints scan -> hints.wantScan(scan);
      case Effect.WakeAt(long nanos) -> host.wakeAt(nanos);
      case Effect.Observed(Observation what) -> host.observed(what);
      case Effect.PropertiesChanged(PropertiesEntry entry) -> host.propertiesChanged(entry);
      case Effect.PropertiesKnown() -> host.propertiesKnown();
      case Effect.PropertiesAnswered(long id, int told, int members) ->
          host.propertiesAnswered(id, told, members);
      case Effect.PropertiesRefused(long id, Reason reason) -> host.propertiesRefused(id, reason);
      case Effect.LivenessChanged(MemberView view) -> host.livenessChanged(view);
      case Effect.ClocksMeasured(PeerClocks.Range most) -> host.clocksMeasured(most);
      case Effect.MemberMissed(NodeId missed) -> host.memberMissed(missed);
      case Effect.Explained(long id, KeyReport report) -> host.explained(id, report);
      case Effect.NotExplained(long id, Reason reason) -> host.notExplained(id, reason);
    }
  }

  /// What the store says of a key. One that cannot be read is never the same as absent.
  private Event.RecordRead read(Effect.ReadRecord read) {
    GroupId group = read.group();
    ObjectKey key = read.key();
    KeyRecord fresh = unwritten.get(new Cached(group, key));
    if (fresh != null) {
      return new Event.RecordRead(group, key, fresh, false);
    }
    byte[] name = codec.recordKey(group, key);
    boolean dropped = gaps.keepsOrDrops(name);
    try {
      byte[] stored = store.get(Table.RECORDS, name);
      KeyRecord record = stored == null ? KeyRecord.EMPTY : StoreCodec.record(stored, valueHashKey);
      return new Event.RecordRead(group, key, record, false);
    } catch (StoreException unreadable) {
      boolean damaged = unreadable.kind() == StoreException.Kind.CORRUPTION;
      return new Event.RecordRead(
          group, key, damaged && dropped ? KeyRecord.EMPTY : null, damaged && !dropped);
    } catch (DecodeException damaged) {
      return new Event.RecordRead(group, key, dropped ? KeyRecord.EMPTY : null, !dropped);
    }
  }

  private void write(long now) {
    if (effects.changes().isEmpty() && !effects.syncWanted()) {
      return;
    }
    if (failed) {
      effects.batchTaken();
      remembered = 0;
      unwritten.clear();
      hints.written();
      gaps.written();
      lastLeaves.clear();
      return;
    }
    WriteBatch batch = new WriteBatch();
    try {
      gaps.addTo(batch);
    } catch (StoreException cause) {
      fail(now, cause);
      return;
    }
    for (Change change : effects.changes()) {
      add(batch, change);
    }
    lastLeaves.clear();
    boolean syncWanted = effects.syncWanted();
    effects.batchTaken();
    remembered = 0;
    long number = node.takeBatch();
    try {
      if (!batch.isEmpty()) {
        store.write(batch);
        batchesWritten++;
      }
      unwritten.clear();
      hints.written();
      gaps.written();
    } catch (StoreException cause) {
      fail(now, cause);
      return;
    }
    step(now, new Event.Written(number));
    if (syncWanted) {
      host.syncWanted(number);
    }
  }

  private void add(WriteBatch batch, Change change) {
    switch (change) {
      case Change.PutRecord(GroupId group, ObjectKey key, KeyRecord record) -> {
        // Only the last record of a key in a batch is worth encoding.
        if (unwritten.get(new Cached(group, key)) == record) {
          batch.put(Table.RECORDS, codec.recordKey(group, key), StoreCodec.record(record));
        }
      }
      case Change.DropRecord(GroupId group, ObjectKey key) ->
          batch.delete(Table.RECORDS, codec.recordKey(group, key));
      case Change.DropRecords _ -> {} // it stands before everything else, see GapDropper
      case Change.PutLog(GroupId group, LogEntry entry) ->
          batch.put(
              Table.LOG,
              codec.logKey(group, entry.dot().actor(), entry.dot().counter()),
              StoreCodec.logEntry(entry));
      case Change.DropLog(GroupId group, ActorId actor, long from, long upTo) ->
          batch.deleteRange(
              Table.LOG, codec.logKey(group, actor, from), codec.logKey(group, actor, upTo + 1));
      case Change.PutGroup(GroupId group, Change.GroupState state) ->
          batch.put(Table.GROUPS, codec.groupKey(group), StoreCodec.group(state));
      case Change.PutRefused(int shard, SortedMap<NodeId, Long> below) ->
          batch.put(Table.META, StoreCodec.refusedKey(shard), StoreCodec.refused(below));
      case Change.PutHint(HintSlot slot, Hint hint) -> {
        if (hints.isLatest(slot, hint)) {
          batch.put(Table.HINTS, codec.hintKey(slot), StoreCodec.hint(hint));
        }
      }
      case Change.DropHint(HintSlot slot) -> batch.delete(Table.HINTS, codec.hintKey(slot));
      case Change.PutTreeLeaf put -> {
        // Only the last sum of a leaf in a batch is worth writing.
        TreeLeaf leaf = put.leaf();
        if (lastLeaves.get(new LeafId(put.group(), leaf.hour(), leaf.leaf())) == put) {
          byte[] key = codec.treeKey(put.group(), leaf.hour(), leaf.leaf());
          if (leaf.sum().isZero()) {
            batch.delete(Table.TREES, key);
          } else {
            batch.put(Table.TREES, key, StoreCodec.treeSum(leaf.sum()));
          }
        }
      }
      case Change.PutProperties(PropertiesEntry entry) ->
          batch.put(
              Table.META, StoreCodec.propertiesKey(entry.bucket()), StoreCodec.properties(entry));
    }
  }

  /// The store failed, here or in the host's sync: what is open is answered, and nothing more is
  /// done.
  public void fail(long now, StoreException cause) {
    if (failed) {
      return;
    }
    failed = true;
    unwritten.clear();
    hints.written();
    gaps.written();
    lastLeaves.clear();
    step(now, new Event.StoreFailed("the disk of this node failed: " + cause.kind()));
    effects.batchTaken();
    remembered = 0;
    transport.flush();
    host.storeFailed(cause);
  }

  private void scan() {
    for (Effect.ScanHints wanted : hints.takeScans()) {
      Event.HintsScanned read = hints.scan(wanted);
      if (read != null) {
        found.add(read);
      }
    }
    if (!logReads.isEmpty()) {
      List<Effect.ReadLog> wanted = new ArrayList<>(logReads);
      logReads.clear();
      for (Effect.ReadLog read : wanted) {
        found.add(read(read));
      }
    }
    if (!leafScans.isEmpty()) {
      List<Effect.ScanLeaf> wanted = new ArrayList<>(leafScans);
      leafScans.clear();
      for (Effect.ScanLeaf scan : wanted) {
        Event.GroupScanned read =
            read(
                new Effect.ScanGroup(scan.scan(), scan.group(), scan.cursor(), scan.bytesMax()),
                codec.leafFrom(scan.group(), scan.leaf()),
                codec.leafTo(scan.group(), scan.leaf()));
        if (read != null) {
          found.add(read);
        }
      }
    }
    if (scans.isEmpty()) {
      return;
    }
    List<Effect.ScanGroup> wanted = new ArrayList<>(scans);
    scans.clear();
    for (Effect.ScanGroup scan : wanted) {
      Event.GroupScanned read =
          read(scan, codec.recordsFrom(scan.group()), codec.recordsTo(scan.group()));
      if (read != null) {
        found.add(read);
      }
    }
  }

  /// The log entries of the asked dots, which are few.
  private Event.LogRead read(Effect.ReadLog wanted) {
    List<LogEntry> entries = new ArrayList<>();
    boolean whole = true;
    DotSet dots = wanted.dots();
    for (int i = 0; i < dots.actorCount(); i++) {
      long[] bounds = dots.bounds(i);
      for (int j = 0; j < bounds.length; j += 2) {
        for (long counter = bounds[j]; counter <= bounds[j + 1]; counter++) {
          byte[] key = codec.logKey(wanted.group(), dots.actor(i), counter);
          try {
            byte[] stored = store.get(Table.LOG, key);
            if (stored == null) {
              whole = false;
            } else {
              entries.add(StoreCodec.logEntry(key, stored));
            }
          } catch (StoreException | DecodeException unreadable) {
            whole = false;
          }
        }
      }
    }
    return new Event.LogRead(wanted.id(), wanted.group(), entries, whole);
  }

  private Event.@Nullable GroupScanned read(Effect.ScanGroup scan, byte[] first, byte[] end) {
    List<CopyEntry> entries = new ArrayList<>();
    List<ObjectKey> damaged = new ArrayList<>();
    List<Gap> found = new ArrayList<>();
    long bytes = 0;
    byte[] last = first;
    byte[] from = scan.cursor().isEmpty() ? first : scan.cursor().array();
    try (Store.Cursor cursor = store.scan(Table.RECORDS, from, end)) {
      while (true) {
        try {
          if (!cursor.next()) {
            break;
          }
        } catch (StoreException bad) {
          if (bad.kind() != StoreException.Kind.CORRUPTION) {
            throw bad;
          }
          Store.Passed passed = cursor.passed();
          byte @Nullable [] to = passed.to();
          Gap gap = StoreCodec.gap(scan.group(), passed.from(), to == null ? end : to);
          found.add(gap);
          if (found.size() == GAPS_MAX) {
            return new Event.GroupScanned(
                scan.scan(), scan.group(), entries, gap.to(), false, damaged, found);
          }
          continue;
        }
        byte[] stored = cursor.key();
        int size = stored.length + cursor.value().length;
        if (bytes > 0 && bytes + size > scan.bytesMax()) {
          // The next part begins right behind the last record of this one, not at the first that is
          // there now: what is written between the two meanwhile belongs to it.
          Bytes behind = Bytes.of(Arrays.copyOf(last, last.length + 1));
          return new Event.GroupScanned(
              scan.scan(), scan.group(), entries, behind, false, damaged, found);
        }
        last = stored.clone();
        byte[] value = cursor.value();
        bytes += size;
        ObjectKey key;
        try {
          key = StoreCodec.keyOfRecord(stored);
        } catch (DecodeException foreign) {
          return null;
        }
        try {
          entries.add(new CopyEntry(key, StoreCodec.record(value, valueHashKey)));
        } catch (DecodeException rotten) {
          damaged.add(key);
        }
      }
      return new Event.GroupScanned(
          scan.scan(), scan.group(), entries, Bytes.EMPTY, true, damaged, found);
    } catch (StoreException refused) {
      // No answer: the asker asks again.
      return null;
    }
  }
}
