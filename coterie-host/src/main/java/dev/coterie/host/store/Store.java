// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.store;

import org.jspecify.annotations.Nullable;

/// An ordered key-value store on one disk, shared by all shards of a node.
///
/// Calls come from several threads: any number of readers and writers, and one syncer. A batch is
/// visible to every read that starts after [#write] returned, and survives a crash of the machine
/// once a [#sync] that began afterwards has returned. Batches become durable in the order in which
/// they were written, except that a torn or rotten disk may lose any of them: [#latestSequence]
/// then tells. Everything that a newly opened store holds is durable.
///
/// Sequence numbers count the changes of all batches from 1 on, in the order of writing, over all
/// openings of the store.
///
/// After a write or sync failed, every later one fails with the same kind until the store is opened
/// again: the system may have forgotten what it could not write, and a second sync would succeed
/// over the hole. The outcome of the failed one is unknown. Reads go on.
public interface Store extends AutoCloseable {
  /// The value of `key`, or null where there is none. A value that fails its checksum is
  /// [StoreException.Kind#CORRUPTION], never null.
  byte @Nullable [] get(Table table, byte[] key) throws StoreException;

  /// Applies all changes of `batch` atomically; not durable yet.
  ///
  /// @return the sequence number of the last change in it, larger than that of every batch before
  long write(WriteBatch batch) throws StoreException;

  /// Makes everything durable whose [#write] had returned before this call began.
  void sync() throws StoreException;

  /// The sequence number of the last change that the store holds. Never goes back while all is
  /// well: a store that opens with less than it once synced has lost data.
  long latestSequence();

  /// Walks `[from, to)` in unsigned byte order over one snapshot; `to` null means to the end of the
  /// table.
  Cursor scan(Table table, byte[] from, byte @Nullable [] to) throws StoreException;

  /// Reads every file and checks every checksum; throws at the first that fails. Slow: for
  /// suspicious starts and scrubbing.
  void verifyChecksums() throws StoreException;

  @Override
  void close();

  /// A position in a scan. Use: `while (cursor.next()) { cursor.key(); cursor.value(); }`, then
  /// close.
  interface Cursor extends AutoCloseable {
    /// Where an entry cannot be read this throws [StoreException.Kind#CORRUPTION], and the next
    /// call goes on behind it. A store that does not know where the damage ends may pass over more
    /// than the damage, never over the end of the range, and never without saying so.
    boolean next() throws StoreException;

    /// What the last [#next] that threw [StoreException.Kind#CORRUPTION] has passed over. Nothing
    /// in it can be had by a scan, though some of it perhaps by [#get]. Once a range that holds it
    /// is deleted, the damage shows no more.
    Passed passed();

    byte[] key();

    byte[] value();

    @Override
    void close();
  }

  /// Keys from `from` up to, without it, `to`; null means to the end of the table.
  record Passed(byte[] from, byte @Nullable [] to) {}
}
