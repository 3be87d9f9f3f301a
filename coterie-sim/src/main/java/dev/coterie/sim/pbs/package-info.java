// SPDX-License-Identifier: Apache-2.0
/// How stale reads are, by three ways that check each other (docs/pbs.md): formulas
/// ([dev.coterie.sim.pbs.ClosedForms]), the WARS model of Probabilistically Bounded Staleness
/// (Bailis et al., 2012) by Monte Carlo ([dev.coterie.sim.pbs.Wars]), and the product's own code
/// under the model's conditions ([dev.coterie.sim.pbs.PbsRun]). And what the sample of a live node
/// should find, from delays that it has measured ([dev.coterie.sim.pbs.SampleForecast]).
///
/// The vocabulary: a *read after t* is one that begins t after the write before it returned to its
/// client; it is *fresh* when it shows that write, or a newer one. *t-visibility* is the chance of
/// that, as a function of t.
@NullMarked
package dev.coterie.sim.pbs;

import org.jspecify.annotations.NullMarked;
