// SPDX-License-Identifier: Apache-2.0
/// What is done to a simulated cluster: steps in a small language that people and the swarm share.
/// The swarm draws a whole plan from a seed; a plan that fails is shrunk and written in the same
/// language, ready to become a script.
@NullMarked
package dev.coterie.sim.plan;

import org.jspecify.annotations.NullMarked;
