// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.config.HostPort;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Scenario;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Live runs against the cluster that the Lab is offered for: one at a time, the last ones kept to
/// be looked at. From any thread.
final class LabLive implements AutoCloseable {
  /// Runs that are kept, the one under way included.
  static final int KEPT_MAX = 3;

  private static final int ID_BYTES = 8;

  private final @Nullable OwnCluster cluster;
  private final String why;
  private final SecureRandom random = new SecureRandom();
  private final List<HeldLive> runs = new ArrayList<>();
  private boolean closed;

  /// @param cluster null where live runs are not offered, because of `why`
  LabLive(@Nullable OwnCluster cluster, String why) {
    this.cluster = cluster;
    this.why = why;
  }

  /// `GET /lab/live`: whether live runs are offered here, and within what.
  Map<String, @Nullable Object> offer() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    OwnCluster own = cluster;
    json.put("offered", own != null);
    if (own == null) {
      json.put("why", why);
      return json;
    }
    json.put("node", own.self());
    json.put("members", own.size());
    json.put("fails", own.place() != null);
    json.put("secondsMax", LiveRun.Limits.PAGE.millis() / 1_000);
    json.put("callsMax", LiveRun.Limits.PAGE.calls());
    return json;
  }

  /// Begins one: `POST /lab/live`.
  LabAnswer start(Scenario scenario) {
    OwnCluster own = cluster;
    if (own == null) {
      return LabAnswer.refused(403, "NOT_OFFERED", why, "");
    }
    int size = own.size();
    for (Field level : List.of(Field.R, Field.W)) {
      if (scenario.whole(level) > size) {
        return LabAnswer.refused(
            400,
            "TOO_FEW_NODES",
            level.id() + "=" + scenario.text(level) + ", and the cluster has " + size + " nodes",
            level.id());
      }
    }
    HeldLive run;
    synchronized (this) {
      if (closed || runs.stream().anyMatch(each -> !each.isOver())) {
        return LabAnswer.busy(
            "LIVE_BUSY",
            "a run on this cluster is under way from this node, or deletes its keys; one at a"
                + " time",
            1);
      }
      while (runs.size() >= KEPT_MAX) {
        HeldLive _ = runs.removeFirst();
      }
      List<OwnCluster.Member> members = own.members();
      List<HostPort> addresses = new ArrayList<>();
      members.forEach(each -> addresses.add(each.http()));
      byte[] id = new byte[ID_BYTES];
      random.nextBytes(id);
      List<HeldLive.LeftOut> left = HeldLive.leftOut(scenario, size, own.place());
      run =
          new HeldLive(
              HexFormat.of().formatHex(id),
              new LiveRun(scenario, addresses, LiveRun.Limits.PAGE),
              own,
              members,
              HeldLive.carriedOut(scenario, left),
              left);
      runs.add(run);
      Thread.ofPlatform().name("lab live " + run.id()).daemon().start(run::play);
    }
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("id", run.id());
    answer.put("scenario", scenario.text());
    answer.put("cli", "./coterie lab live '" + scenario.text() + "'");
    answer.put("bucket", run.bucket());
    answer.put("leftOut", run.leftOutJson());
    return LabAnswer.of(201, answer);
  }

  /// The run with this id; null where it is none of these.
  synchronized @Nullable HeldLive find(String id) {
    for (HeldLive run : runs) {
      if (run.id().equals(id)) {
        return run;
      }
    }
    return null;
  }

  /// Stops one that is under way, forgets one that is over.
  synchronized void drop(HeldLive run) {
    if (run.isOver()) {
      runs.remove(run);
    } else {
      run.stop("it was stopped");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    runs.forEach(run -> run.stop("the node is stopping"));
  }
}
