// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.Wholeness;
import java.nio.file.Path;
import java.util.List;

/// The cluster of a folder of `./coterie up` or `./coterie chaos --hold`, for a page that is served
/// beside it, on the same machine: its processes may be stopped, and its links cut.
public final class FolderCluster implements OwnCluster {
  private final Path folder;
  private final NodeHttp http = new NodeHttp(500, 1_000);
  private volatile ClusterFile last;

  /// @throws ClusterFile.Unusable with a sentence that says what to do
  public FolderCluster(Path folder) throws ClusterFile.Unusable {
    this.folder = folder;
    this.last = ClusterFile.read(folder);
  }

  /// As the folder has it now; as it had it last where it has none any more: then its nodes answer
  /// nothing, and the calls say so.
  private ClusterFile file() {
    try {
      last = ClusterFile.read(folder);
    } catch (ClusterFile.Unusable _) {
      // as it was
    }
    return last;
  }

  @Override
  public String self() {
    return folder.toString();
  }

  @Override
  public List<Member> members() {
    return file().nodes().stream().map(node -> new Member(node.id(), node.http())).toList();
  }

  @Override
  public int size() {
    return last.nodes().size();
  }

  @Override
  public int hints() {
    return (int) Math.min(Wholeness.hintsHeld(http, last.nodes()), Integer.MAX_VALUE);
  }

  @Override
  public LiveLab.Place place() {
    return new LiveLab.Place(folder, file());
  }
}
