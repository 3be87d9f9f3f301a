// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.disk;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.Prng;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.StoreException.Kind;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import dev.coterie.host.store.WriteBatch.Change;
import dev.coterie.sim.disk.Tables.Before;
import dev.coterie.sim.disk.Tables.Undo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The store of a simulated node, and the disk below it: it stays when the node dies. Open at
/// first; after [#close] or [#crash] the next node takes it up with [#reopen]. Used by one thread.
///
/// Faults are asked for by the nemesis. Those that strike a running store: [#failNextWrites],
/// [#failNextSyncs], [#failNextReads], [#full], [#lyingSync], [#corrupt], [#loseSilently]. Those
/// that happen while it is closed: [#truncateTo], [#restore], [#wipe].
public final class SimDisk implements Store {
  /// So many synced batches can be lost again by [#truncateTo]; older ones lie in files of their
  /// own.
  public static final int HISTORY_BATCHES_MAX = 512;

  private final Tables tables = new Tables();
  private final Before sinceSync = tables.watch();
  private final Deque<Written> unsynced = new ArrayDeque<>();
  private final Deque<Written> history = new ArrayDeque<>();

  /// What a lying disk has said is synced; oldest first.
  private final Deque<Written> pretended = new ArrayDeque<>();

  private long sequence;
  private long durableSequence;
  private boolean open = true;
  private int opening;
  private @Nullable StoreException failure;
  private int failingWrites;
  private int failingSyncs;
  private int failingReads;
  private @Nullable Prng fateOfFailedSync;
  private boolean doubtful;
  private boolean full;
  private long faults;
  private boolean lying;
  private Consumer<Change> watcher = _ -> {};

  /// A batch as it lies in the log: what it changed, and what takes it back.
  private record Written(long first, long last, List<Change> changes, List<Undo> undo) {}

  @Override
  public byte @Nullable [] get(Table table, byte[] key) throws StoreException {
    requireReadable();
    return tables.get(table, Bytes.of(key));
  }

  @Override
  public long write(WriteBatch batch) throws StoreException {
    requireWritable();
    if (batch.isEmpty()) {
      return sequence;
    }
    if (full) {
      throw failed(Kind.NO_SPACE, "writing a batch failed: no space is left on the disk");
    }
    if (failingWrites > 0) {
      failingWrites--;
      throw failed(Kind.IO, "writing a batch failed: input/output error");
    }
    append(sequence + 1, List.copyOf(batch.changes()));
    return sequence;
  }

  /// `who` hears of every change once it is written, synced or not.
  public void watch(Consumer<Change> who) {
    watcher = who;
  }

  private void append(long first, List<Change> changes) {
    List<Undo> undo = new ArrayList<>(changes.size());
    for (Change change : changes) {
      tables.apply(change, undo);
      watcher.accept(change);
    }
    sequence = first + changes.size() - 1;
    unsynced.addLast(new Written(first, sequence, changes, undo));
  }

  @Override
  public void sync() throws StoreException {
    syncTo(sequence);
  }

  /// A sync that began when the store stood at `upTo` and ends now: what was written in between is
  /// not covered.
  public void syncTo(long upTo) throws StoreException {
    requireWritable();
    if (failingSyncs > 0) {
      failingSyncs--;
      doubtful = true;
      throw failed(Kind.IO, "syncing the log failed: input/output error");
    }
    makeDurable(upTo);
  }

  private void makeDurable(long upTo) {
    while (!unsynced.isEmpty() && unsynced.getFirst().last() <= upTo) {
      Written written = unsynced.removeFirst();
      durableSequence = written.last();
      (lying ? pretended : history).addLast(written);
    }
    boundHistory();
    sinceSync.clear();
    for (Written written : unsynced) {
      for (Undo step : written.undo()) {
        sinceSync.note(step.table(), step.key(), step.old());
      }
    }
  }

  private void boundHistory() {
    while (history.size() > HISTORY_BATCHES_MAX) {
      history.removeFirst();
    }
  }

  @Override
  public long latestSequence() {
    return sequence;
  }

  @Override
  public Cursor scan(Table table, byte[] from, byte @Nullable [] to) throws StoreException {
    requireReadable();
    Before before = tables.watch();
    int mine = opening;
    return new SimCursor(
        table,
        tables.of(table),
        before.of(table),
        Bytes.of(from),
        to == null ? null : Bytes.of(to),
        () -> open && opening == mine,
        () -> tables.unwatch(before));
  }

  @Override
  public void verifyChecksums() throws StoreException {
    requireReadable();
    for (Table table : Table.values()) {
      for (byte[] value : tables.of(table).values()) {
        Tables.sound(table, value);
      }
    }
  }

  /// A clean close, and just as well the death of the process alone: the system still holds what
  /// was written.
  @Override
  public void close() {
    open = false;
  }

  /// Opens the store again. What it then holds is durable: opening moves the log into synced files.
  public void reopen() throws StoreException {
    Invariant.check(!open, "the disk is already open");
    if (full) {
      throw new StoreException(Kind.NO_SPACE, "no space is left to open the store");
    }
    if (doubtful) {
      dropUnsynced(fateOfFailedSync, CrashMode.KEEP_PREFIX);
      doubtful = false;
    }
    makeDurable(sequence);
    failure = null;
    open = true;
    opening++;
  }

  public boolean isOpen() {
    return open;
  }

  /// Cuts the power: of what was not synced there remains what `mode` says. The store is closed
  /// then.
  public void crash(Prng prng, CrashMode mode) {
    open = false;
    doubtful = false;
    dropUnsynced(prng, mode);
  }

  private void dropUnsynced(@Nullable Prng prng, CrashMode mode) {
    List<Written> written = new ArrayList<>(pretended);
    if (!written.isEmpty()) {
      durableSequence = written.getFirst().first() - 1;
    }
    written.addAll(unsynced);
    List<Written> kept = new ArrayList<>();
    switch (mode) {
      case DROP_ALL -> {}
      case KEEP_ALL -> kept.addAll(written);
      case KEEP_PREFIX -> {
        int count = prng == null ? 0 : prng.nextInt(written.size() + 1);
        kept.addAll(written.subList(0, count));
      }
      case HOLES -> {
        for (Written batch : written) {
          if (prng != null && prng.nextBoolean()) {
            kept.add(batch);
          }
        }
      }
    }
    for (Written batch : written.reversed()) {
      tables.takeBack(batch.undo());
    }
    pretended.clear();
    unsynced.clear();
    sequence = durableSequence;
    for (Written batch : kept) {
      append(batch.first(), batch.changes());
    }
    makeDurable(sequence);
  }

  /// What would be there if the power were cut now and no unsynced batch survived. Costs nothing to
  /// make.
  public DurableView durableView() {
    return new DurableView() {
      @Override
      public byte @Nullable [] get(Table table, byte[] key) throws StoreException {
        return tables.getBefore(sinceSync, table, Bytes.of(key));
      }

      @Override
      public Cursor scan(Table table, byte[] from, byte @Nullable [] to) {
        return new SimCursor(
            table,
            tables.of(table),
            sinceSync.of(table),
            Bytes.of(from),
            to == null ? null : Bytes.of(to),
            () -> true,
            () -> {});
      }

      @Override
      public long sequence() {
        return durableSequence;
      }
    };
  }

  /// For oracles: the synced part of a disk, whether or not a node has it open.
  public interface DurableView {
    byte @Nullable [] get(Table table, byte[] key) throws StoreException;

    /// To be used up before the disk changes.
    Cursor scan(Table table, byte[] from, byte @Nullable [] to);

    long sequence();
  }

  /// The next `count` writes fail with an input/output error; nothing of them is kept.
  public void failNextWrites(int count) {
    failingWrites = count;
  }

  /// The next `count` syncs fail. The system then takes the pages for clean: what was not synced
  /// can still be read, no later sync covers it, and when the store is opened again a prefix of it
  /// is left, drawn from `fate`.
  public void failNextSyncs(int count, Prng fate) {
    failingSyncs = count;
    fateOfFailedSync = fate;
  }

  /// The next `count` reads fail with an input/output error.
  public void failNextReads(int count) {
    failingReads = count;
  }

  /// Whether nothing is asked for that makes it fail.
  public boolean isWell() {
    return !full && failingReads == 0 && failingWrites == 0 && failingSyncs == 0;
  }

  /// How often it has failed.
  public long faults() {
    return faults;
  }

  /// While true, writes and opening fail with [Kind#NO_SPACE].
  public void full(boolean value) {
    full = value;
  }

  /// While true, a sync says that it is done and does nothing: a crash may take all that was
  /// written since. What it has said is true once it lies no more.
  public void lyingSync(boolean value) {
    lying = value;
    if (!lying) {
      history.addAll(pretended);
      pretended.clear();
      boundHistory();
    }
  }

  /// Whether it lies now.
  public boolean isLying() {
    return lying;
  }

  /// Makes the block of `key` unreadable, if there is one; writing the key again brings a sound
  /// one.
  public void corrupt(Table table, byte[] key) {
    if (tables.of(table).containsKey(Bytes.of(key))) {
      tables.replace(table, Bytes.of(key), Tables.DAMAGED);
    }
  }

  /// Other bytes lie under `key`, and the store's own checksum fits them.
  public void rot(Table table, byte[] key, byte[] value) {
    tables.replace(table, Bytes.of(key), value);
  }

  /// How many values fail their checksum.
  public int damagedValues() {
    int damaged = 0;
    for (Table table : Table.values()) {
      for (byte[] value : tables.of(table).values()) {
        damaged += value == Tables.DAMAGED ? 1 : 0;
      }
    }
    return damaged;
  }

  /// Takes `key` away as if it had never been written (a lost or misdirected write). The sequence
  /// stays.
  public void loseSilently(Table table, byte[] key) {
    Bytes lost = Bytes.of(key);
    tables.replace(table, lost, null);
    sinceSync.of(table).remove(lost);
  }

  /// Cuts the log behind the batch that ends at or below `upTo`, as far as the log reaches back
  /// ([#HISTORY_BATCHES_MAX]). The store opens cleanly afterwards.
  ///
  /// @return the sequence at which the store now stands
  public long truncateTo(long upTo) {
    Invariant.check(!open, "the log can be cut only while the disk is closed");
    lyingSync(false);
    makeDurable(sequence);
    while (!history.isEmpty() && history.getLast().last() > upTo) {
      Written written = history.removeLast();
      tables.takeBack(written.undo());
      sequence = written.first() - 1;
    }
    durableSequence = sequence;
    return sequence;
  }

  /// A copy of what is durable now, to be brought back later with [#restore]. Copies the tables.
  public SimImage snapshot() {
    return SimImage.of(tables, sinceSync, durableSequence);
  }

  /// Puts an old image in place of what the disk holds.
  public void restore(SimImage image) {
    wipe();
    image.into(tables);
    sequence = image.sequence();
    durableSequence = sequence;
  }

  /// Empties the disk.
  public void wipe() {
    Invariant.check(!open, "the disk can be emptied or replaced only while it is closed");
    tables.clear();
    unsynced.clear();
    history.clear();
    pretended.clear();
    sequence = 0;
    durableSequence = 0;
    doubtful = false;
  }

  private void requireReadable() throws StoreException {
    requireOpen();
    if (failingReads > 0) {
      failingReads--;
      faults++;
      throw new StoreException(Kind.IO, "reading failed: input/output error");
    }
  }

  private void requireWritable() throws StoreException {
    requireOpen();
    StoreException first = failure;
    if (first != null) {
      throw new StoreException(
          first.kind(),
          "the store takes no more writes until it is opened again, because earlier "
              + first.getMessage(),
          first);
    }
  }

  private void requireOpen() throws StoreException {
    if (!open) {
      throw new StoreException(Kind.CLOSED, "the store is closed");
    }
  }

  private StoreException failed(Kind kind, String message) {
    StoreException now = new StoreException(kind, message);
    failure = now;
    faults++;
    return now;
  }
}
