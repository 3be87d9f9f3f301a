// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import dev.coterie.core.message.Arrival;
import java.util.ArrayList;
import java.util.List;

/// The last alarm of one kind of a node.
///
/// @param times how often the node raised one of this kind since its start
/// @param agoMillis how long ago this one was, by the node's own clock
/// @param lasts whether what it tells of is known to hold still
/// @param what happened
record AlarmReport(
    String node, String kind, long times, long agoMillis, boolean lasts, String what) {
  /// What is older has been looked after, or is raised again: it is shown, and no problem any more.
  static final long RECENT_MILLIS = 600_000;

  /// Newest last.
  static List<AlarmReport> of(NodeReport node) {
    List<AlarmReport> alarms = new ArrayList<>();
    for (Object alarm : Json.list(node.figures(), "alarm_kinds")) {
      alarms.add(
          new AlarmReport(
              node.id(),
              Json.text(alarm, "kind"),
              Json.whole(alarm, "times"),
              Json.whole(alarm, "ago_ms"),
              Json.truth(alarm, "lasts"),
              Json.text(alarm, "sentence")));
    }
    return alarms;
  }

  boolean isRecent() {
    return lasts || agoMillis < RECENT_MILLIS;
  }

  String ago() {
    return Arrival.span(agoMillis * 1_000_000);
  }

  String sentence() {
    String often = times == 1 ? "" : ", " + ClusterVerdict.number(times) + " since its start";
    return node + " alarm (" + ago() + " ago" + often + "): " + kind + " " + what;
  }
}
