// SPDX-License-Identifier: Apache-2.0
/// Transcripts: files that tell a story about a cluster, run it, and compare what comes of it with
/// what stands in the file. A [dev.coterie.sim.script.Transcript] is a list of blocks: commands, a
/// line `----`, the expected output. The commands are those of plans
/// ([dev.coterie.sim.plan.Director]), so a plan that the shrinker leaves is a transcript, and some
/// that only look ([dev.coterie.sim.script.Views]) or demand
/// ([dev.coterie.sim.script.Expectation]). [dev.coterie.sim.script.Verbs] lists them all with their
/// options; `docs/simulation.md` is the manual.
///
/// Every transcript ends as every seed does: everything is healed, every key is read through every
/// node, and the oracles judge. Read first: [dev.coterie.sim.script.ScriptRun].
@NullMarked
package dev.coterie.sim.script;

import org.jspecify.annotations.NullMarked;
