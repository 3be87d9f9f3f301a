// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.node.Observation;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.sim.history.History;
import java.util.function.BiConsumer;

/// How often nodes raised an alarm. Without any damage to a disk none may say that something is
/// lost (O1), nor that a hash tree is not that of its disk (O8).
final class Alarms {
  private final History history;
  private final BiConsumer<String, String> violated;
  private long count;

  /// @param violated hears the oracle and the sentence
  Alarms(History history, BiConsumer<String, String> violated) {
    this.history = history;
    this.violated = violated;
  }

  long count() {
    return count;
  }

  void raised(NodeId at, Observation.Alarm alarm) {
    count++;
    if (!history.anyDamage() && alarm.kind() != VnodeOutput.Alarm.RECORD_DAMAGED) {
      violated.accept("O1", "alarm without any damage at " + at + ": " + alarm.sentence());
    }
  }

  void treeDiffers(NodeId at, GroupId group) {
    count++;
    if (!history.anyDamage()) {
      violated.accept("O8", "a tree of " + group + " at " + at + " differs without any damage");
    }
  }

  void gapsDropped(NodeId at, GroupId group) {
    count++;
    if (!history.anyDamage()) {
      violated.accept("O1", "records of " + group + " dropped without any damage at " + at);
    }
  }
}
