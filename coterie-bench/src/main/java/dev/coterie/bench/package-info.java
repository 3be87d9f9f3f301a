// SPDX-License-Identifier: Apache-2.0
/// The load generator: YCSB's mixes over HTTP, closed or open loop, with causal puts. It speaks the
/// public interface alone and knows nothing of how a node works.
///
/// [LoadPlan] says what is asked for, [Load] carries it out over [Connection]s on one event loop,
/// [Result] is what came of it. [ServerUse] reads what the servers spent meanwhile.
///
/// **Closed loop**: each connection asks again when it is answered; throughput is the result.
/// **Open loop**: requests are due at fixed instants, whatever the answers do; the latency of a
/// request counts from the instant at which it was due, so a stall is seen by every request that it
/// delayed (no coordinated omission, after G. Tene).
///
/// **Causal puts**: the last context that any answer carried for a key, a put's too, goes with the
/// next put of that key. Nothing is read only to be written. In blind mode no context is sent, and
/// every put leaves a sibling.
@NullMarked
package dev.coterie.bench;

import org.jspecify.annotations.NullMarked;
