// SPDX-License-Identifier: Apache-2.0
/// What is done to a simulated cluster: steps in a small language that people and the swarm share.
/// The swarm draws a whole plan from a seed; a plan that fails is shrunk and written in the same
/// language, ready to become a script.
///
/// [dev.coterie.sim.plan.Director] gives each step to who does such things;
/// [dev.coterie.sim.plan.Run] plays a whole plan, heals, and lets the oracles judge.
@NullMarked
package dev.coterie.sim.plan;

import org.jspecify.annotations.NullMarked;
