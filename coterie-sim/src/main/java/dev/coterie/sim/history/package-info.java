// SPDX-License-Identifier: Apache-2.0
/// What really happened in a run, told by the clients and by the mint hook, never by the system's
/// own clocks: which write was sent when, what its client had seen, what became of it.
@NullMarked
package dev.coterie.sim.history;

import org.jspecify.annotations.NullMarked;
