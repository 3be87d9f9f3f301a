// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.explain;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.HintsView;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaView;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What all owners of one key have told about it, and the other members of their hints for it.
///
/// @param by the node that asked them
/// @param r how many answers a read of the bucket needs
/// @param wallMillis its wall clock when it had heard all, in ms since 1970: what has expired by it
///   is not shown by a read through it
/// @param replicas the owners, in the order of the preference list
/// @param others the members that are no owners, in order of their names
/// @param lastWriteWins whether of values that were written at the same time a read shows the last
public record KeyReport(
    ObjectKey key,
    GroupId group,
    NodeId by,
    int r,
    long wallMillis,
    List<Replica> replicas,
    List<Other> others,
    boolean lastWriteWins) {
  public KeyReport(
      ObjectKey key,
      GroupId group,
      NodeId by,
      int r,
      long wallMillis,
      List<Replica> replicas,
      List<Other> others) {
    this(key, group, by, r, wallMillis, replicas, others, false);
  }

  public KeyReport {
    replicas = Collections.unmodifiableList(replicas);
    others = Collections.unmodifiableList(others);
  }

  /// One owner.
  public record Replica(NodeId node, String machine, Said said) {}

  public sealed interface Said {
    record Told(ReplicaView view) implements Said {}

    /// Nothing, for the reason given: `is not connected`.
    record Silent(String why) implements Said, Heard {}
  }

  /// A member that owns no replica of the key.
  public record Other(NodeId node, Heard heard) {}

  public sealed interface Heard {
    /// All hints that it holds for the key; empty for none.
    record Hints(List<HintsView.Held> held) implements Heard {}
  }

  /// An owner that has told what it holds.
  record Holder(NodeId node, ReplicaView view) {}

  /// The owners whose record could be read, in the order of the preference list.
  List<Holder> holders() {
    List<Holder> readable = new ArrayList<>();
    for (Replica replica : replicas) {
      if (replica.said() instanceof Said.Told(ReplicaView view) && view.isReadable()) {
        readable.add(new Holder(replica.node(), view));
      }
    }
    return readable;
  }
}
