// SPDX-License-Identifier: Apache-2.0
/// Tests of the formulas, of the WARS model, and of the product's code against both.
@NullMarked
package dev.coterie.sim.pbs;

import org.jspecify.annotations.NullMarked;
