// SPDX-License-Identifier: Apache-2.0
/// Tests of what is said of many runs: the statistics against counting, the planner against runs.
@NullMarked
package dev.coterie.sim.study;

import org.jspecify.annotations.NullMarked;
