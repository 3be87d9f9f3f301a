// SPDX-License-Identifier: Apache-2.0
/// Who is there: SWIM (Das, Gupta, Motivala, DSN 2002) with Lifeguard (Dadgar, Phillips, Currey,
/// DSN 2018) as a pure machine. `docs/membership.md` is the longer text.
///
/// [dev.coterie.core.membership.FailureDetector] is turned by its node: messages, connections that
/// come and go, missed requests and the passing of time in; messages and changes of mind out. It
/// holds no thread and reads no clock. The parts: `ProbeOrder` (whom to probe next), `Suspicion`
/// (how long a suspect may refute), `LocalHealth` (how far to trust oneself), `Gossip` (what to
/// pass on), `Helping` (probes for others), `Latency` (who is slow). Every formula is a static
/// function.
///
/// Invariants:
/// - INV-liveness-steers: what comes out of here decides whom to ask first and what people see. It
///   never moves ownership, never counts a vote, never drops a value.
/// - INV-own-word: only the member itself raises its incarnation; a restart makes all that was said
///   of earlier boots void (F50).
/// - INV-awake: deadlines run only while the detector is turned in time, so that one that was
///   paused judges nobody by the silence of its own pause (F51).
/// - INV-rumour-order: knowledge about a member only ever goes up in the order of
///   [dev.coterie.core.message.Rumour#overrules], so gossip may be lost, late or doubled.
@NullMarked
package dev.coterie.core.membership;

import org.jspecify.annotations.NullMarked;
