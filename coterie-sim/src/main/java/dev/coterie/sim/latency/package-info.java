// SPDX-License-Identifier: Apache-2.0
/// How long messages take: distributions of one-way delays, the published fits among them, and how
/// they are written. A delay is a function of 64 bits and nothing else, so that two runs that ask
/// for the same message are given the same delay, whatever else they do.
@NullMarked
package dev.coterie.sim.latency;

import org.jspecify.annotations.NullMarked;
