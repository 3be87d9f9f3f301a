// SPDX-License-Identifier: Apache-2.0
/// The simulated disk of a node: a [dev.coterie.sim.disk.SimDisk] for the store and a
/// [dev.coterie.sim.disk.SimIdentity] for the identity file beside it. Both outlive the node that
/// uses them, and both can be hurt in the ways that real disks were seen to fail (FAULTS 1d, 3b,
/// 4.5).
///
/// The model is that of RocksDB with one write-ahead log: after a crash there is a *prefix* of the
/// batches that were not synced. Holes in the middle can be asked for
/// ([dev.coterie.sim.disk.CrashMode#HOLES]); no store of ours does that today, a rotten disk may.
///
/// A crash, a sync and a view of what is durable cost the changes since the last sync, never a copy
/// of the tables: each unsynced batch keeps what it replaced.
///
/// Deterministic: ordered maps only, and chance comes from the [dev.coterie.core.base.Prng] of the
/// caller.
@NullMarked
package dev.coterie.sim.disk;

import org.jspecify.annotations.NullMarked;
