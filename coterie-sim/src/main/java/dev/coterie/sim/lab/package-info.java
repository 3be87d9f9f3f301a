// SPDX-License-Identifier: Apache-2.0
/// The Lab: a cluster, a quorum setting, a workload and a timeline of failures, written as one line
/// of text, played on the simulated world, recorded and measured. What a read missed is known from
/// the ids of the writes, not from what the nodes say. Equal text gives an equal recording, in any
/// JVM.
@NullMarked
package dev.coterie.sim.lab;

import org.jspecify.annotations.NullMarked;
