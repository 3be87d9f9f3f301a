// SPDX-License-Identifier: Apache-2.0
/// The boundary of the core. A [dev.coterie.core.node.Node] is one shard of one node: events in
/// ([dev.coterie.core.node.Event]), effects out ([dev.coterie.core.node.Effect]), changes of the
/// store in batches. Time is the argument of `step`; what must wait for the disk is released by
/// `Written` and `Synced`.
///
/// Inside, [dev.coterie.core.node.Node] takes the events, [dev.coterie.core.node.Deliveries] the
/// messages, [dev.coterie.core.node.Requests] what clients ask; [dev.coterie.core.node.Machines] do
/// the work, and [dev.coterie.core.node.Router] takes what they produce where it belongs.
///
/// Invariants: INV-ack-durable (an ack says what the disk already holds), INV-one-outcome (a
/// client's request is answered once).
@NullMarked
package dev.coterie.core.node;

import org.jspecify.annotations.NullMarked;
