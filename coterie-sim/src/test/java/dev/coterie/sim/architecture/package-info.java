// SPDX-License-Identifier: Apache-2.0
/// The core's rule that a run is a function of its seed, held for the simulated world.
@NullMarked
package dev.coterie.sim.architecture;

import org.jspecify.annotations.NullMarked;
