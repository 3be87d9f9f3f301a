// SPDX-License-Identifier: Apache-2.0
/// The [dev.coterie.host.store.Store] of a real node: RocksDB, one database per node directory, one
/// column family per [dev.coterie.host.store.Table]. RocksDB's types never leave this package.
///
/// Invariants:
/// - `INV-tail`: every batch also writes the store's own sequence number (the *tail*) into the
///   default column family, and all column families are flushed together (`atomic_flush`). What the
///   store holds after any loss of its write-ahead log is therefore a prefix of the batches, and
///   the tail names its end. RocksDB's own number is only an upper bound: with column families
///   flushed one by one it was seen to claim 58,691 changes where 54,500 were left, and no
///   watermark below would have told.
/// - `INV-sticky`: after one failed write or sync nothing more is written until the store is opened
///   again; the kernel may have dropped what it could not write, and a second fsync would succeed
///   over the hole.
/// - A damaged block is an error for the keys in it, never an absent value.
///
/// Read first: [dev.coterie.rocksdb.RocksStore], then [dev.coterie.rocksdb.RocksTuning] for every
/// option and its reason.
@NullMarked
package dev.coterie.rocksdb;

import org.jspecify.annotations.NullMarked;
