// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.handoff;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.ring.GroupId;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an owner lets come back to it: hints that may be sent now, by sender. Who comes back after
/// an outage is met by every fallback at once; without this they would keep it from its clients
/// (F30). Credits that are not used lapse.
public final class Credits {
  private record Round(NodeId from, GroupId group, long number) implements Comparable<Round> {
    @Override
    public int compareTo(Round other) {
      int order = from.compareTo(other.from);
      if (order == 0) {
        order = group.compareTo(other.group);
      }
      return order == 0 ? Long.compare(number, other.number) : order;
    }
  }

  private static final class Grant {
    int left;
    int joining;
    long until;
  }

  private final HandoffConfig config;
  private final SortedMap<Round, Grant> grants = new TreeMap<>();

  public Credits(HandoffConfig config) {
    this.config = config;
  }

  /// Credits that are granted and not answered yet.
  public int outstanding() {
    int sum = 0;
    for (Grant grant : grants.values()) {
      sum += grant.left + grant.joining;
    }
    return sum;
  }

  /// How many of `wanted` may come now.
  ///
  /// @param waiting events in the owner's inbox
  public int grant(long now, NodeId from, GroupId group, long number, long wanted, int waiting) {
    grants.values().removeIf(grant -> grant.until <= now);
    Round round = new Round(from, group, number);
    if (grants.containsKey(round)) {
      return 0;
    }
    int free = waiting >= config.busyInbox() ? 0 : config.creditsMax() - outstanding();
    int granted = (int) Math.max(0, Math.min(Math.min(free, config.roundCreditsMax()), wanted));
    if (granted > 0) {
      Grant grant = new Grant();
      grant.left = granted;
      grant.until = now + config.retryNanos();
      grants.put(round, grant);
    }
    return granted;
  }

  /// A hint has come.
  ///
  /// @return whether there was a credit for it
  public boolean use(long now, NodeId from, GroupId group, long number) {
    Grant grant = grants.get(new Round(from, group, number));
    if (grant == null || grant.left == 0 || grant.until <= now) {
      return false;
    }
    grant.left--;
    grant.joining++;
    return true;
  }

  /// A hint that had come is joined, or could not be.
  public void answered(NodeId from, GroupId group, long number) {
    Round round = new Round(from, group, number);
    Grant grant = grants.get(round);
    if (grant != null && grant.joining > 0) {
      grant.joining--;
      if (grant.left == 0 && grant.joining == 0) {
        grants.remove(round);
      }
    }
  }
}
