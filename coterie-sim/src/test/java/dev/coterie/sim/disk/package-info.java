// SPDX-License-Identifier: Apache-2.0
/// Tests of the simulated disk.
@NullMarked
package dev.coterie.sim.disk;

import org.jspecify.annotations.NullMarked;
