// SPDX-License-Identifier: Apache-2.0
/// Tests of the simulated world.
@NullMarked
package dev.coterie.sim.world;

import org.jspecify.annotations.NullMarked;
