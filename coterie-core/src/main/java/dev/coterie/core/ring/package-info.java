// SPDX-License-Identifier: Apache-2.0
/// Who owns what: the ring of Q equal partitions, the placement map of an epoch, and the allocator
/// that computes it. `docs/placement.md` is the longer text.
///
/// ```
/// key --SipHash--> hash --Ring--> partition --PlacementMap, n--> PreferenceList
///                                              (owners, leading one first, then fallbacks)
///
/// members --Topology--> tree of zones, racks, machines, nodes
///         --FairShare--> exact shares --Quota--> whole numbers
///         --Deal (first map) or Rows (the next)--> owners of every partition --Leads--> their order
/// ```
///
/// [Allocator] is a pure function of the members, in whatever order they are given, and of the map
/// before: nodes that agree on both compute the same map, and [PlacementMap#fingerprint] lets them
/// find out where they do not. Every n has rows of its own.
///
/// Invariants, each checked from outside by a law over drawn clusters (`PlacementChecks`):
/// - INV-distinct-machines: the owners of a partition stand on distinct machines; with fewer
///   machines than n there are as many owners as machines.
/// - INV-spread: every zone, rack and machine holds its average number of copies of each partition,
///   rounded up or down.
/// - INV-balance: every node holds its fair share of copies, within one partition.
/// - INV-leads: every node stands first in its part (1/n) of what it owns, within one.
/// - INV-movement: the map that follows another moves hardly more copies than nodes hold more than
///   before, and none where the members are the same (`MovementLawsTest`).
@NullMarked
package dev.coterie.core.ring;

import org.jspecify.annotations.NullMarked;
