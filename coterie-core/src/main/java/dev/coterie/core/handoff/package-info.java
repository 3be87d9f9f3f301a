// SPDX-License-Identifier: Apache-2.0
/// What a fallback keeps for owners that could not be reached, counted and bounded:
/// [dev.coterie.core.handoff.HintLedger] is what of it stands in memory,
/// [dev.coterie.core.handoff.Credits] what an owner grants to those who give hints back.
@NullMarked
package dev.coterie.core.handoff;

import org.jspecify.annotations.NullMarked;
