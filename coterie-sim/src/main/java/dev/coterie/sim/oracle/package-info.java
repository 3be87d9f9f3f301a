// SPDX-License-Identifier: Apache-2.0
/// Judges a run. The oracles see everything and never ask the system what happened: they know the
/// writes by their ids, what each client had really seen, and which disks were destroyed. Their
/// numbers are those of the catalogue in `docs/simulation.md`.
///
/// [dev.coterie.sim.oracle.Oracles] lists them, hears everything, and hands it to those whose
/// promise it touches.
@NullMarked
package dev.coterie.sim.oracle;

import org.jspecify.annotations.NullMarked;
