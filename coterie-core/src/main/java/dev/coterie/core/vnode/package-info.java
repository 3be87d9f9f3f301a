// SPDX-License-Identifier: Apache-2.0
/// An owner's copy of a group. [dev.coterie.core.vnode.Vnode] mints dots, absorbs what arrives,
/// answers reads and keeps the group clock and the log, all changed in one batch with the record.
///
/// Read [dev.coterie.core.vnode.Vnode] first: it has the lanes of work on keys. Its parts are
/// [dev.coterie.core.vnode.VnodeState] (clock, log and the stored row),
/// [dev.coterie.core.vnode.ToldClocks] (what the other owners have told: pruning and closing),
/// [dev.coterie.core.vnode.Minter], [dev.coterie.core.vnode.Soundness] (what a disk has lost) and
/// [dev.coterie.core.vnode.Absorber]; each uses only those named before it.
///
/// The rules are those of DESIGN section 2 and of its executable model;
/// [dev.coterie.core.vnode.Absorption] is the model's `absorb`. Invariants: INV-clock-sound,
/// INV-mint-once (a counter is used once in a boot and an actor in one boot only), INV-ack-durable
/// (an ack leaves after the sync that it speaks of).
@NullMarked
package dev.coterie.core.vnode;

import org.jspecify.annotations.NullMarked;
