// SPDX-License-Identifier: Apache-2.0
/// Answers that need more than one run: what a setting gives over many seeds, whether two settings
/// differ by more than chance, and which settings meet given targets at which price. Pure: who
/// plays the runs, and on how many threads, is the caller's business.
@NullMarked
package dev.coterie.sim.study;

import org.jspecify.annotations.NullMarked;
