// SPDX-License-Identifier: Apache-2.0
/// The simulated world: nodes that run the product's own driver and core over a simulated disk and
/// network, under virtual time, in one thread. Everything that happens follows from one seed; two
/// runs of a seed are equal to the last event ([dev.coterie.sim.world.World#fingerprint()]).
///
/// Read [dev.coterie.sim.world.World] first, then [dev.coterie.sim.world.SimNode], what outlives a
/// crash, and [dev.coterie.sim.world.SimProcess], what does not.
@NullMarked
package dev.coterie.sim.world;

import org.jspecify.annotations.NullMarked;
