// SPDX-License-Identifier: Apache-2.0
/// Many seeds of the simulator at once, for `./coterie sim`. One run is a pure function of its seed
/// and takes one thread (`dev.coterie.sim`); here are the threads, the clock on the wall, the files
/// and the second JVM around it. A run is named by [dev.coterie.server.seeds.SeedPlan], carried out
/// by [dev.coterie.server.seeds.SeedRuns] and ends as a [dev.coterie.server.seeds.SeedOutcome].
@NullMarked
package dev.coterie.server.seeds;

import org.jspecify.annotations.NullMarked;
