// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import dev.coterie.core.ring.GroupId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When the groups of a cluster (partitions under one n) were last audited, as their owners tell.
/// An audit compares one owner with all the others, so the latest of any owner counts.
///
/// @param groups what is known of each group that some node which answers has
public record LastAudits(SortedMap<GroupId, Last> groups) {
  private static final Pattern GROUP = Pattern.compile("n([0-9]{1,5})/([0-9]{1,5})");

  /// @param secondsAgo -1 for not since the start of any owner that answers
  /// @param by the owner that made it; empty where there was none
  public record Last(long secondsAgo, String by) {
    static final Last NEVER = new Last(-1, "");

    public boolean isNever() {
      return secondsAgo < 0;
    }

    Last later(Last other) {
      return isNever() || (!other.isNever() && other.secondsAgo < secondsAgo) ? other : this;
    }
  }

  public LastAudits {
    groups = Collections.unmodifiableSortedMap(groups);
  }

  static LastAudits of(List<NodeReport> nodes) {
    TreeMap<GroupId, Last> groups = new TreeMap<>();
    for (NodeReport node : nodes) {
      Object told = Json.member(Json.member(node.figures(), "audits"), "seconds_ago");
      if (told instanceof Map<?, ?> each) {
        for (Object name : each.keySet()) {
          Matcher parts = GROUP.matcher(String.valueOf(name));
          int policy = parts.matches() ? Integer.parseInt(parts.group(1)) : 0;
          if (policy > 0) {
            GroupId group = new GroupId(policy, Integer.parseInt(parts.group(2)));
            long ago = Json.whole(told, String.valueOf(name));
            Last last = ago < 0 ? Last.NEVER : new Last(ago, node.id());
            groups.merge(group, last, Last::later);
          }
        }
      }
    }
    return new LastAudits(groups);
  }

  /// Groups that no owner has audited since its start.
  public long never() {
    return groups.values().stream().filter(Last::isNever).count();
  }

  /// How long ago the group was audited whose last time is the longest ago, of those that were; -1
  /// where none was.
  public long oldestSeconds() {
    return groups.values().stream().mapToLong(Last::secondsAgo).max().orElse(-1);
  }
}
