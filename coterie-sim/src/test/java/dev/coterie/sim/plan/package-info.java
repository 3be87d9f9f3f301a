// SPDX-License-Identifier: Apache-2.0
/// Tests of drawn plans and of their judge.
@NullMarked
package dev.coterie.sim.plan;

import org.jspecify.annotations.NullMarked;
