// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static java.util.Objects.requireNonNull;

import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.Observation;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.host.metric.HintCounts;
import dev.coterie.host.metric.LastWriteFigures;
import dev.coterie.host.metric.ReadFigures;
import dev.coterie.host.metric.TurnedAway;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.host.service.Standing;
import dev.coterie.server.dashboard.EventLog;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// What an operator should know of a node, over all its boots: counts, and the last alarm of each
/// kind. Thread-safe. Keys are written at debug level only, values never.
final class Happenings {
  private final EventLog log;

  private static final Logger LOG = LoggerFactory.getLogger(Happenings.class);

  /// Alarms of one kind that are logged each second; the rest is only counted.
  private static final int LOGGED_PER_SECOND = 5;

  private final AtomicLong repairs = new AtomicLong();
  private final AtomicLong reaped = new AtomicLong();
  private final AtomicLong exchanged = new AtomicLong();
  private final AtomicLong expiredReaped = new AtomicLong();
  private final AtomicLong audits = new AtomicLong();
  private final AtomicLong auditKeys = new AtomicLong();
  private final AtomicLong treeBytes = new AtomicLong();
  private final AtomicLong alarms = new AtomicLong();
  private final AtomicLong expired = new AtomicLong();
  private final AtomicLong hedges = new AtomicLong();
  private final AtomicLong hedgesWon = new AtomicLong();
  private final AtomicLong bytesSpared = new AtomicLong();
  private final AtomicLong damagedReads = new AtomicLong();
  private final AtomicLong hintsStored = new AtomicLong();
  private final AtomicLong hintsRefused = new AtomicLong();
  private final AtomicLong hintsDelivered = new AtomicLong();
  private final AtomicLong hintsNotTaken = new AtomicLong();
  private final Map<Observation.Cause, Traffic> sent = traffic();
  private final LastAlarms lastAlarms;
  private final AlarmedKeys manySiblings;
  private long second;
  private final SortedMap<String, Integer> loggedThisSecond = new TreeMap<>();

  /// @param log what operators are shown of them
  /// @param nanos the clock by which alarms age
  Happenings(EventLog log, LongSupplier nanos) {
    this.log = log;
    this.lastAlarms = new LastAlarms(nanos);
    this.manySiblings = new AlarmedKeys(nanos);
  }

  private static final class Traffic {
    final AtomicLong records = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();

    void add(long more, long size) {
      records.addAndGet(more);
      bytes.addAndGet(size);
    }
  }

  private final Discards discards = new Discards();
  private final TurnedAway turnedAway = new TurnedAway();

  /// What clients asked for and no shard began.
  TurnedAway turnedAway() {
    return turnedAway;
  }

  /// What last-write-wins has thrown away.
  LastWriteFigures lastWrites() {
    return discards.figures();
  }

  private static Map<Observation.Cause, Traffic> traffic() {
    Map<Observation.Cause, Traffic> all = new EnumMap<>(Observation.Cause.class);
    for (Observation.Cause cause : Observation.Cause.values()) {
      all.put(cause, new Traffic());
    }
    return all;
  }

  private Traffic traffic(Observation.Cause cause) {
    return requireNonNull(sent.get(cause));
  }

  /// Records sent to other owners in the background.
  SortedMap<Observation.Cause, Standing.Sent> sent() {
    TreeMap<Observation.Cause, Standing.Sent> all = new TreeMap<>();
    sent.forEach(
        (cause, traffic) ->
            all.put(cause, new Standing.Sent(traffic.records.get(), traffic.bytes.get())));
    return all;
  }

  long repairs() {
    return repairs.get();
  }

  /// Records that exchanges with other owners have brought.
  long exchanged() {
    return exchanged.get();
  }

  /// Expired values whose records have gone.
  long expiredReaped() {
    return expiredReaped.get();
  }

  /// Tombstones that went because every owner had seen them.
  long reaped() {
    return reaped.get();
  }

  /// Writes taken into hints, hints refused for want of room, hints given to their owners, and
  /// hints that came back to this owner and could not be taken.
  HintCounts hints() {
    return new HintCounts(
        hintsStored.get(), hintsRefused.get(), hintsDelivered.get(), hintsNotTaken.get());
  }

  /// Groups whose hash trees were compared with those of all their other owners.
  long audits() {
    return audits.get();
  }

  /// Keys in which they differed.
  long auditKeys() {
    return auditKeys.get();
  }

  /// Bytes of messages about hash trees that were sent.
  long treeBytes() {
    return treeBytes.get();
  }

  long alarms() {
    return alarms.get();
  }

  ReadFigures reads() {
    return new ReadFigures(expired.get(), hedges.get(), hedgesWon.get(), bytesSpared.get());
  }

  long damagedReads() {
    return damagedReads.get();
  }

  /// The last of each kind, newest last.
  List<NodeStatus.LastAlarm> lastAlarms() {
    return lastAlarms.all();
  }

  /// Another boot serves: what still holds it will say itself.
  void bootBegan() {
    lastAlarms.endAll();
  }

  void observed(Observation what) {
    switch (what) {
      case Observation.Alarm(VnodeOutput.Alarm kind, var group, var key, String sentence) -> {
        if (kind == VnodeOutput.Alarm.RECORD_DAMAGED) {
          damagedReads.incrementAndGet();
        }
        alarm(kind.toString(), group + ": " + sentence);
        LOG.atDebug().addKeyValue("key", key).log("the key of the alarm");
      }
      case Observation.Repaired _ -> repairs.incrementAndGet();
      case Observation.TooLargeToSend(var to, String message, int bytes) ->
          alarm(
              "TOO_LARGE_TO_SEND",
              "a "
                  + message
                  + " of "
                  + bytes
                  + " bytes to "
                  + to
                  + " was not sent: read the keys with large siblings and merge them, or raise"
                  + " peer.frame_bytes_max on all nodes");
      case Observation.CopyBegun(var group) -> {
        LOG.atDebug().addKeyValue("event", "copy_begun").log("{}", group);
        log.note(
            EventLog.Weight.WATCH, "copy_begun", "", group + " is being filled from other owners");
      }
      case Observation.CopyCompleted(var group, int records) -> {
        LOG.atDebug()
            .addKeyValue("event", "copy_completed")
            .addKeyValue("records", records)
            .log("{}", group);
        log.note(
            EventLog.Weight.WATCH,
            "copy_completed",
            "",
            group + " is full again: " + records + " records");
      }
      case Observation.RecordsSent(var cause, var _, int records, long bytes) ->
          traffic(cause).add(records, bytes);
      case Observation.Expired _ -> expired.incrementAndGet();
      case Observation.BytesSpared(long bytes) -> bytesSpared.addAndGet(bytes);
      case Observation.Hedged _ -> hedges.incrementAndGet();
      case Observation.HedgeWon _ -> hedgesWon.incrementAndGet();
      case Observation.Reaped(var key, var context, int values) -> {
        reaped.addAndGet(values == 0 ? 1 : 0);
        expiredReaped.addAndGet(values);
      }
      case Observation.Folded _ -> {}
      case Observation.Closed _ -> {}
      case Observation.Exchanged _ -> exchanged.incrementAndGet();
      case Observation.BehindLog(var group, var owner) -> {
        LOG.atInfo()
            .addKeyValue("event", "behind_log")
            .log("{} is behind the log of {}, and is rebuilt from it", group, owner);
        log.note(
            EventLog.Weight.WATCH,
            "behind_log",
            "",
            group + " is behind the log of " + owner + ", and is rebuilt from it");
      }
      case Observation.HintStored _ -> hintsStored.incrementAndGet();
      case Observation.HintRefused(var owner, var _) -> {
        hintsRefused.incrementAndGet();
        log.note(
            EventLog.Weight.GRAVE,
            "hints_refused",
            owner.name(),
            "no room for more hints for " + owner + ": it will get the writes from other owners");
      }
      case Observation.StandInsFull _ -> {
        hintsRefused.incrementAndGet();
        log.note(
            EventLog.Weight.WATCH,
            "stand_ins_full",
            "",
            "so many writes are watched for owners that do not ack that no fallback stands in for more");
      }
      case Observation.HintDelivered _ -> hintsDelivered.incrementAndGet();
      case Observation.HintDamaged(var slot) -> {
        alarm(
            "HINT_DAMAGED",
            "a hint for "
                + slot.owner()
                + " fails its checksum and is dropped; the owner gets it from the others");
        LOG.atDebug().addKeyValue("key", slot.key()).log("the key of the hint");
      }
      case Observation.ManySiblings(var key, int siblings, int most) -> {
        if (!manySiblings.due(key)) {
          return;
        }
        alarm(
            "MANY_SIBLINGS",
            "a key has "
                + siblings
                + " siblings; above "
                + most
                + " writes to it are refused: its clients must read before they write, and send the"
                + " context back");
        LOG.atDebug().addKeyValue("key", key).log("the key of the alarm");
      }
      case Observation.Discarded(ObjectKey key, int concurrent, int blind) ->
          discards.add(key.bucket(), concurrent, blind);
      case Observation.Settled(var _, ObjectKey key, var _, var _, int values) -> {
        if (values > 0) {
          discards.add(key.bucket(), values, 0);
        }
      }
      case Observation.ClockSkewed(long ahead, boolean fenced) -> clockSkewed(ahead, fenced);
      case Observation.HintNotTaken _ -> hintsNotTaken.incrementAndGet();
      case Observation.TreeMismatch(var group, int leaves, long kept, long found) ->
          alarm(
              "TREE_MISMATCH",
              group
                  + ": this disk does not hold what it had written ("
                  + found
                  + " values of "
                  + kept
                  + ", differing leaves of the hash tree: "
                  + leaves
                  + "); what the other owners hold is taken back");
      case Observation.GapsDropped(var group, int places) ->
          alarm(
              "RECORDS_UNREADABLE",
              group
                  + ": "
                  + places
                  + " places among its records cannot be read, nor which keys lie there; they were"
                  + " dropped, and what the other owners hold is taken back");
      case Observation.SumsRenewed(var group, long values, long missing) -> {
        LOG.atInfo()
            .addKeyValue("event", "sums_renewed")
            .addKeyValue("values", values)
            .addKeyValue("missing", missing)
            .log("{}", group);
        if (missing > 0) {
          alarm(
              "VALUES_MISSING",
              group
                  + ": this disk had lost values without a trace, and no other owner has brought back "
                  + missing
                  + " of them; those count too that were written over, or named as lost, before that"
                  + " was seen");
        }
      }
      case Observation.TreeBytes(int bytes) -> treeBytes.addAndGet(bytes);
      case Observation.Audited _ -> audits.incrementAndGet();
      case Observation.AuditFound(var group, var owner, var keys) -> {
        auditKeys.addAndGet(keys.size());
        LOG.atWarn()
            .addKeyValue("event", "audit_found")
            .log("{} and {} hold different values in {} keys of it", group, owner, keys.size());
        log.note(
            EventLog.Weight.GRAVE,
            "audit_found",
            owner.name(),
            group
                + ": this node and "
                + owner
                + " held different values in "
                + keys.size()
                + " keys; they send each other what they hold");
      }
      case Observation.OtherTrees(var group, var owner) ->
          LOG.atInfo()
              .addKeyValue("event", "other_trees")
              .log("{} at {} has hash trees of another kind, and is not compared", group, owner);
      case Observation.Serving _,
          Observation.Minted _,
          Observation.StaleSample _,
          Observation.NothingToCopyFrom _, // see LostGroups
          Observation.MemberChanged _ -> {}
    }
  }

  /// Something that operators are shown among the events, and that no alarm is raised for.
  void note(EventLog.Weight weight, String kind, String about, String sentence) {
    log.note(weight, kind, about, sentence);
  }

  private void clockSkewed(long ahead, boolean fenced) {
    if (!fenced) {
      lastAlarms.end("CLOCK_SKEW");
      LOG.atInfo()
          .addKeyValue("event", "clock_skew_over")
          .log("this node's clock agrees with most members' again");
      return;
    }
    lastAlarms.begin("CLOCK_SKEW");
    alarm(
        "CLOCK_SKEW",
        "this node's clock is "
            + Math.abs(ahead)
            + " ms "
            + (ahead > 0 ? "ahead of" : "behind")
            + " most members': it leaves writes to last-write-wins buckets to others; set its clock");
  }

  /// Something went wrong that somebody should look after.
  void alarm(String kind, String sentence) {
    alarms.incrementAndGet();
    log.note(EventLog.Weight.GRAVE, kind.toLowerCase(Locale.ROOT), "", sentence);
    lastAlarms.add(kind, sentence);
    synchronized (this) {
      long now = System.nanoTime() / 1_000_000_000L;
      if (now != second) {
        second = now;
        loggedThisSecond.clear();
      }
      if (loggedThisSecond.merge(kind, 1, Integer::sum) > LOGGED_PER_SECOND) {
        return;
      }
    }
    LOG.atLevel(Level.WARN)
        .addKeyValue("event", "alarm")
        .addKeyValue("kind", kind)
        .log("{}", sentence);
  }
}
