// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

/// What the failure detector of one node thinks of another. In the order in which one overrules the
/// other at the same [Incarnation].
public enum MemberStatus {
  ALIVE,
  /// It did not answer a probe, neither directly nor through others; it has time to refute that.
  SUSPECT,
  /// Nobody refuted the suspicion in time. Takes nothing from a member: it owns what it owned.
  DEAD
}
