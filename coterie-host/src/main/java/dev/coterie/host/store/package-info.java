// SPDX-License-Identifier: Apache-2.0
/// The port to a disk. Everything a node must not forget goes through
/// [dev.coterie.host.store.Store]: atomic batches that become durable at a later
/// [dev.coterie.host.store.Store#sync()], so that one fsync serves all requests of a drained inbox
/// (group commit). RocksDB implements it in production, a disk with faults in the simulator; one
/// contract test runs on both.
@NullMarked
package dev.coterie.host.store;

import org.jspecify.annotations.NullMarked;
