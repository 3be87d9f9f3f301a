// SPDX-License-Identifier: Apache-2.0
/// Who a node is, kept apart from its data. A disk can forget without saying so (a write-ahead log
/// cut short opens cleanly), so a small file of its own, doubled, checksummed and fsynced,
/// remembers cluster, node, boot counter and a watermark of the synced sequence; the store carries
/// a row that says the same about itself. At start the two are compared
/// ([dev.coterie.host.identity.Opening]): DESIGN section 2, "A disk can forget without saying so";
/// FAULTS F01, F04, F07, F45.
///
/// Invariants:
/// - `INV-boot-first`: a boot number is in the identity file and in the store's row, both fsynced,
///   before anything is minted under it. The file comes first: its boot is never below that of the
///   row unless the file itself went back.
/// - `INV-watermark-synced`: the watermark in the file never names a sequence that the store had
///   not synced.
/// - `INV-rebuilding-sticks`: once a start was judged amnesiac, every later one is, until
///   [dev.coterie.host.identity.NodeDisk#rebuilt()].
///
/// What no file can tell: a directory that was copied whole, file and store, and one that was wiped
/// whole. The first is caught by peers, who know a higher boot or another nonce of this node; the
/// second looks like a new node, and peers that hold dots of its earlier boots know better.
@NullMarked
package dev.coterie.host.identity;

import org.jspecify.annotations.NullMarked;
