// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import dev.coterie.core.message.Arrival;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The last alarm of one kind of a node.
///
/// @param times how often the node raised one of this kind since its start
/// @param agoMillis how long ago this one was, by the node's own clock
/// @param lasts whether what it tells of is known to hold still
/// @param what happened
public record AlarmReport(
    String node, String kind, long times, long agoMillis, boolean lasts, String what) {
  /// What is older has been looked after, or is raised again: it is shown, and no problem any more.
  static final long RECENT_MILLIS = 600_000;

  /// Newest last.
  static List<AlarmReport> of(NodeReport node) {
    return of(node.id(), node.figures());
  }

  /// What `node` tells, in its `/status` or to the dashboards of the others.
  public static List<AlarmReport> of(String node, @Nullable Object told) {
    List<AlarmReport> alarms = new ArrayList<>();
    for (Object alarm : Json.list(told, "alarm_kinds")) {
      alarms.add(
          new AlarmReport(
              node,
              Json.text(alarm, "kind"),
              Json.whole(alarm, "times"),
              Json.whole(alarm, "ago_ms"),
              Json.truth(alarm, "lasts"),
              Json.text(alarm, "sentence")));
    }
    return alarms;
  }

  public boolean isRecent() {
    return lasts || agoMillis < RECENT_MILLIS;
  }

  String ago() {
    return Arrival.span(agoMillis * 1_000_000);
  }

  String sentence() {
    String often = times == 1 ? "" : ", " + ClusterVerdict.number(times) + " since its start";
    return node + " alarm (" + ago() + " ago" + often + "): " + said();
  }

  /// Without its age: what is read out whenever it changes must not change every second.
  public String steadySentence() {
    String said = said();
    return node + " alarm: " + said + (said.endsWith(".") ? "" : ".");
  }

  private String said() {
    return kind + " " + what;
  }
}
