// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.server.config.Config;
import dev.coterie.server.config.HostPort;
import dev.coterie.server.dashboard.Dashboard;
import dev.coterie.server.lab.LiveLab;
import dev.coterie.server.lab.OwnCluster;
import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The members of the cluster for the Lab's live runs: this node, and those that have told the
/// dashboard where their clients find them. One that listens on loopback only is left out where it
/// is on another machine: its address means this one there.
record LabMembers(Config config, Dashboard dashboard) implements OwnCluster {
  @Override
  public String self() {
    return config.node().id().name();
  }

  @Override
  public int size() {
    return config.cluster().members().size();
  }

  @Override
  public List<Member> members() {
    List<Member> members = new ArrayList<>();
    members.add(new Member(self(), here(config.http().listen(), "127.0.0.1")));
    for (Object told : rows()) {
      Member member = member(Json.text(told, "id"), Json.text(told, "http"));
      if (member != null && !member.id().equals(self())) {
        members.add(member);
      }
    }
    return members;
  }

  @Override
  public int hints() {
    long held = 0;
    for (Object told : rows()) {
      held += Json.whole(told, "hints_held");
    }
    return (int) Math.min(held, Integer.MAX_VALUE);
  }

  /// Where `./coterie up` runs this node, its other nodes may be stopped, and links cut.
  @Override
  public LiveLab.@Nullable Place place() {
    Path folder = config.admin().labFolder();
    if (folder == null || !config.admin().listen().isLoopback()) {
      return null;
    }
    try {
      return new LiveLab.Place(folder, ClusterFile.read(folder), self());
    } catch (ClusterFile.Unusable _) {
      return null; // it is another one's now, or gone
    }
  }

  private List<?> rows() {
    try {
      return Json.list(Json.read(dashboard.json()), "nodes");
    } catch (Json.Malformed e) {
      throw new IllegalStateException("the dashboard's own document is no JSON", e);
    }
  }

  private @Nullable Member member(String id, String told) {
    HostPort http = HostPort.parse(told);
    for (Config.Member each : config.cluster().members()) {
      if (http != null && each.id().name().equals(id)) {
        return http.isLoopback() && !each.peer().isLoopback()
            ? null
            : new Member(id, here(http, each.peer().host()));
      }
    }
    return null;
  }

  /// An address that stands for all of a machine is reached at `host`.
  private static HostPort here(HostPort listen, String host) {
    return listen.host().equals("0.0.0.0") || listen.host().equals("::")
        ? new HostPort(host, listen.port())
        : listen;
  }
}
