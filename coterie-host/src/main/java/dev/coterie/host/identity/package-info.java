// SPDX-License-Identifier: Apache-2.0
/// Who a node is, kept apart from its data. A disk can forget without saying so (a write-ahead log
/// cut short opens cleanly), so a small file of its own, doubled, checksummed and fsynced,
/// remembers cluster, node, boot counter and a watermark of the synced sequence. At start the two
/// are compared: DESIGN section 2, "A disk can forget without saying so".
@NullMarked
package dev.coterie.host.identity;

import org.jspecify.annotations.NullMarked;
