// SPDX-License-Identifier: Apache-2.0
/// Quorums as arithmetic. [dev.coterie.core.quorum.QuorumSpec] turns words and defaults into
/// numbers, [dev.coterie.core.quorum.WriteTally] and [dev.coterie.core.quorum.ReadTally] count what
/// was heard, and a [dev.coterie.core.quorum.Verdict] says waiting, met or unreachable. Nothing
/// here knows messages or time; a test compares the tallies with a deliberately dumb count over all
/// small cases.
///
/// Invariant: INV-distinct-machines (two nodes of one machine count once).
@NullMarked
package dev.coterie.core.quorum;

import org.jspecify.annotations.NullMarked;
