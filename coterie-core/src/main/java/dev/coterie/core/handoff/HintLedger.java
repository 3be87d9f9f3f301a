// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.handoff;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// How many hints are held for whom: all of them that stands in memory. The hints themselves lie in
/// the store; at a start they are counted anew.
public final class HintLedger {
  /// For whom, and of which group.
  public record Account(NodeId owner, GroupId group) implements Comparable<Account> {
    @Override
    public int compareTo(Account other) {
      int order = owner.compareTo(other.owner);
      return order == 0 ? group.compareTo(other.group) : order;
    }
  }

  /// What is held for one owner.
  ///
  /// @param sinceNanos since when this process has held something for it without a break
  /// @param sinceMillis the wall time of the oldest write among all hints that were held for it
  ///   without a break in this process, those that it found at its start included; 0 where none
  ///   says. What is held now is no older
  public record Sum(NodeId owner, long hints, long bytes, long sinceNanos, long sinceMillis) {
    /// How old the oldest of them is at most. The time that this process has seen pass counts where
    /// the wall clock says less: it may have been set back.
    public long ageMillis(long nowNanos, long wallMillis) {
      long seen = Math.max(0, nowNanos - sinceNanos) / 1_000_000L;
      return sinceMillis == 0 ? seen : Math.max(seen, wallMillis - sinceMillis);
    }
  }

  private static final class Count {
    long hints;
    long bytes;
    long since;
    long sinceMillis;
  }

  private final HandoffConfig config;
  private final SortedMap<Account, Count> counts = new TreeMap<>();
  private final SortedMap<NodeId, Count> owners = new TreeMap<>();
  private long bytes;
  private long hints;

  public HintLedger(HandoffConfig config) {
    this.config = config;
  }

  public long hints() {
    return hints;
  }

  public long bytes() {
    return bytes;
  }

  /// The accounts that hold something.
  public List<Account> accounts() {
    return new ArrayList<>(counts.keySet());
  }

  public long hints(Account account) {
    Count count = counts.get(account);
    return count == null ? 0 : count.hints;
  }

  /// What is held, by owner.
  public List<Sum> sums() {
    List<Sum> sums = new ArrayList<>();
    owners.forEach(
        (owner, count) ->
            sums.add(new Sum(owner, count.hints, count.bytes, count.since, count.sinceMillis)));
    return sums;
  }

  /// Whether `after` may take the place of `before`. A hint that grows no larger always may.
  public boolean hasRoom(HintSlot slot, Hint before, Hint after) {
    long more = after.bytes() - (before.isEmpty() ? 0 : before.bytes());
    Count owner = owners.get(slot.owner());
    long held = owner == null ? 0 : owner.bytes;
    return after.entries().size() <= config.entriesMax()
        && (more <= 0
            || (bytes + more <= config.bytesMax() && held + more <= config.ownerBytesMax()));
  }

  /// `after` stands in the place of `before`, [Hint#EMPTY] where there was nothing.
  public void replaced(HintSlot slot, Hint before, Hint after, long now) {
    long moreHints = (after.isEmpty() ? 0L : 1L) - (before.isEmpty() ? 0L : 1L);
    long moreBytes =
        (after.isEmpty() ? 0 : after.bytes()) - (before.isEmpty() ? 0 : before.bytes());
    hints += moreHints;
    bytes += moreBytes;
    Account account = new Account(slot.owner(), slot.group());
    change(counts, account, moreHints, moreBytes, after.sinceMillis(), now);
    change(owners, slot.owner(), moreHints, moreBytes, after.sinceMillis(), now);
  }

  private static <K> void change(
      SortedMap<K, Count> counts,
      K key,
      long moreHints,
      long moreBytes,
      long sinceMillis,
      long now) {
    Count count = counts.get(key);
    if (count == null) {
      count = new Count();
      count.since = now;
      counts.put(key, count);
    }
    if (sinceMillis > 0 && (count.sinceMillis == 0 || sinceMillis < count.sinceMillis)) {
      count.sinceMillis = sinceMillis;
    }
    count.hints += moreHints;
    count.bytes += moreBytes;
    if (count.hints <= 0) {
      counts.remove(key);
    }
  }
}
