// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import dev.coterie.core.base.NodeId;

/// A place in a preference list: a node, the machine on which acks are counted, and its role there.
public record Replica(NodeId node, String machine, Role role) {
  public boolean isPrimary() {
    return role == Role.PRIMARY;
  }

  @Override
  public String toString() {
    return node + (role == Role.PRIMARY ? " primary" : " fallback");
  }
}
