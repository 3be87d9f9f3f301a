// SPDX-License-Identifier: Apache-2.0
/// What everything else stands on: names of nodes, byte strings, the seeded random stream, hashes
/// and the check of our own reasoning ([dev.coterie.core.base.Invariant]). Knows no protocol.
@NullMarked
package dev.coterie.core.base;

import org.jspecify.annotations.NullMarked;
