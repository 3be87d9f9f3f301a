// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.config.HostPort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cluster that the Lab offers to run on: of the node that serves it, or of a folder. From any
/// thread.
public interface OwnCluster {
  /// A member where its clients find it.
  record Member(String id, HostPort http) {}

  /// Which one it is, in a word: the node's id, or the folder.
  String self();

  /// Those whose address is known here; a node itself comes first. May wait for a moment until the
  /// others have told.
  List<Member> members();

  /// How many members the cluster has.
  int size();

  /// How many hints its members hold, of all buckets, as they have told.
  int hints();

  /// Whose processes can be stopped and whose links can be cut; null where whoever serves the page
  /// has no right to.
  default LiveLab.@Nullable Place place() {
    return null;
  }
}
