// SPDX-License-Identifier: Apache-2.0
/// Real node processes under load and faults, and the judgement of what they did: `./coterie chaos`.
///
/// What the simulator shows for the code, this package shows for the processes: kernels, disks,
/// sockets and clocks are real ones. One run goes through rounds; a round is
///
///     draw      FaultPlan     which faults when, from the seed and what is to be had here
///     storm     Storm, Load   faults and clients at once
///     heal      Storm         everything undone, everybody up, until the cluster is quiet
///     judge     Survey        every key of the round read through every node
///               Checker       the history and these readings against the promise
///
/// The clients use the public HTTP interface alone. They know what they sent and saw, and nothing of
/// dots or clocks: each value carries the number of its write, and for each context they remember
/// whose values came with it. [dev.coterie.server.chaos.Checker] computes from that what must be
/// there; it is pure, and shares no code with the cluster.
///
/// [dev.coterie.server.chaos.Network] is the ground on which the nodes stand: a network namespace for
/// each of them on a bridge (cuts by packet filter, disks of their own behind loop devices), or
/// loopback and plain folders where that is not to be had. The run with namespaces happens inside one
/// network and mount namespace of its own, so that the computer's own network is never touched, two
/// runs cannot collide, and all of it is gone when the last process ends, however it ends.
///
/// `--hold` keeps such a network open for others, with a cluster of `server.up` in it and no round:
///
///     outside   GateRelay     127.0.0.1:8098, 8097, ... ──┐ a socket in the cluster's folder
///               HeldCuts      what lab live cuts ─────────┤
///     inside    Gate          ◄───────────────────────────┘ to the nodes' listeners, to Network
///               HeldCluster   the nodes, each in a namespace
///
/// INV-budget: in one round only one machine, drawn from the seed, is damaged (wiped, set back,
/// corrupted); the next round draws anew, after everything was compared. A write acknowledged at w >= 2
/// must therefore never be lost; one at w = 1 is judged where no machine was damaged after it.
@NullMarked
package dev.coterie.server.chaos;

import org.jspecify.annotations.NullMarked;
