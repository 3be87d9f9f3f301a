// SPDX-License-Identifier: Apache-2.0
/// The node process: everything between a configuration and a node that serves.
///
/// [NodeProcess] is the life of the process: it opens the listeners for clients and operators once,
/// and runs one [NodeBoot] after the other. A boot is what lives from one opening of the store to
/// its end: the disk, the connections to the peers, one [ShardLoop] per shard, one [Syncer]. When
/// the disk fails, or the peers know a later boot of this node, the boot is thrown away as a whole
/// and the next one starts from the disk as a crash would have left it; nothing is patched up.
/// Between two boots [ServingNode] answers clients that nothing was applied.
///
/// **Threads.** A shard runs on one Netty event loop, for good. Whatever reaches it from elsewhere
/// (another loop's connection, a peer, the syncer) is posted to its bounded inbox; one task drains
/// the inbox, which makes one batch for the store and one flush per peer. The syncer is a thread of
/// its own that syncs the store for all shards; wishes that come while it syncs are met together by
/// the next sync (group commit). The thread that called [NodeProcess#run] supervises and is the
/// only one that opens and closes.
///
/// ```text
///  HTTP connections ─┐                         ┌─> RocksStore.write
///  NettyTransport ───┼─> ShardLoop (NodeDriver)┼─> NettyTransport.send, flush
///  Syncer ───────────┘        │                └─> client's reply
///     ^───── wish to sync ────┘
/// ```
@NullMarked
package dev.coterie.server.process;

import org.jspecify.annotations.NullMarked;
