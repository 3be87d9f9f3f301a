// SPDX-License-Identifier: Apache-2.0
/// Faults on purpose: one use for every ban of [dev.coterie.core.architecture.Determinism], so that
/// a ban that has stopped working is noticed.
@NullMarked
package dev.coterie.core.architecture.planted;

import org.jspecify.annotations.NullMarked;
