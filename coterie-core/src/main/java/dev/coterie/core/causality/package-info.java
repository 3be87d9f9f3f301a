// SPDX-License-Identifier: Apache-2.0
/// Causality by dots. Every write is one event, named by a [dev.coterie.core.causality.Dot] that
/// one [dev.coterie.core.causality.ActorId] mints once. A key's record
/// ([dev.coterie.core.causality.KeyRecord]) is a dotted version vector set: the siblings and the
/// causal context. An owner's copy of a group has one [dev.coterie.core.causality.GroupClock].
///
/// Rules and where they come from: N. Preguiça et al., "Dotted Version Vectors" (2012); R.
/// Gonçalves et al., "DottedDB" (2017) for the clock of a whole node; DESIGN section 2 for contexts
/// as ranges.
///
/// Invariants: INV-dots-unique (a dot names one write), INV-record-context (a sibling's dot is in
/// its record's context), INV-clock-sound (a dot in the clock means that the record shows it or
/// what replaced it).
@NullMarked
package dev.coterie.core.causality;

import org.jspecify.annotations.NullMarked;
