// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.config.HostPort;
import java.util.List;

/// The cluster of the node that offers the Lab, as live runs need it. From any thread.
public interface OwnCluster {
  /// A member where its clients find it.
  record Member(String id, HostPort http) {}

  /// The node itself.
  String self();

  /// Those whose address is known here; the node itself comes first. May wait for a moment until
  /// the others have told.
  List<Member> members();

  /// How many members the cluster has.
  int size();

  /// How many hints its members hold, of all buckets, as they have told.
  int hints();
}
