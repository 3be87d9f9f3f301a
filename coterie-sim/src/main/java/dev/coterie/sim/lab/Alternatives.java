// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.sim.lab.Recording.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What would have made a stale read fresh: a larger R, a larger W, a little patience. Nothing is
/// played again: what replicas held is recorded, and how long a message would have taken follows
/// from the seed.
final class Alternatives {
  /// An owner's answer, as it came or would have come.
  private record Reply(int node, long lookedAt, long arrivesAt) {}

  private static final long MOMENT_MICROS = 10;

  private final Trace trace;
  private final Wire wire;
  private final List<Integer> homes;
  private final LabOperation read;
  private final LabOperation write;
  private final int n;
  private final int r;
  private final int w;
  private final boolean asksAll;
  private final boolean sloppy;

  Alternatives(LabRun run, Trace trace, LabOperation read, LabOperation write) {
    this.trace = trace;
    this.wire = run.wire();
    this.read = read;
    this.write = write;
    this.n = (int) run.scenario().whole(Field.N);
    this.r = (int) run.scenario().whole(Field.R);
    this.w = (int) run.scenario().whole(Field.W);
    this.asksAll = run.scenario().text(Field.ASK).equals("all") || hasAskedMore(read);
    this.sloppy = run.scenario().on(Field.SLOPPY);
    List<Integer> owners = new ArrayList<>();
    for (int owner : run.replicas().owners(read.key)) {
      owners.add(owner);
    }
    this.homes = owners;
  }

  /// One read in some asks all owners, to measure staleness.
  private static boolean hasAskedMore(LabOperation read) {
    for (LabOperation.Answer answer : read.answers) {
      boolean counted = false;
      for (int node : read.counted) {
        counted |= node == answer.node();
      }
      if (!counted) {
        return true;
      }
    }
    return false;
  }

  List<String> sentences() {
    List<String> found = new ArrayList<>();
    found.add(moreReplies());
    found.add(patience());
    String copies = moreCopies();
    if (copies != null) {
      found.add(copies);
    }
    return found;
  }

  /// The answer of `owner` to this read; null where it gives none.
  private @Nullable Reply reply(int owner) {
    int coordinator = trace.coordinator(read);
    long taken = trace.takenAt(read);
    if (owner == coordinator) {
      return new Reply(owner, taken, taken);
    }
    LabOperation.Answer given = read.answerOf(owner);
    long looked =
        given != null
            ? given.at()
            : taken + delay(MessageKind.READ_REPLICA, coordinator, owner, taken);
    boolean reached =
        given != null
            || (!trace.isCut(coordinator, owner, taken)
                && trace.stateAt(owner, looked) == State.UP);
    if (!reached || trace.isCut(owner, coordinator, looked)) {
      return null;
    }
    return new Reply(
        owner, looked, looked + delay(MessageKind.READ_REPLICA_REPLY, owner, coordinator, looked));
  }

  private long delay(MessageKind kind, int from, int to, long micros) {
    return wire.wouldTake(kind, read.id, from, to)
        * Math.max(trace.slowness(from, micros), trace.slowness(to, micros));
  }

  /// All answers that could have come, the soonest first.
  private List<Reply> replies() {
    List<Reply> replies = new ArrayList<>();
    for (int owner : homes) {
      Reply reply = reply(owner);
      if (reply != null) {
        replies.add(reply);
      }
    }
    replies.sort(Comparator.comparingLong(Reply::arrivesAt));
    return replies;
  }

  private boolean isFresh(Reply reply) {
    return trace.hasAt(reply.node(), write, reply.lookedAt());
  }

  /// The least larger R that would have helped. A read that asks no more owners than it needs may
  /// choose any, the coordinator first: it is surely fresh where those without the write are too
  /// few.
  private String moreReplies() {
    if (r == n) {
      return "R=" + n + " asks everybody already";
    }
    List<Reply> replies = replies();
    List<String> holders = new ArrayList<>();
    for (Reply reply : replies) {
      if (isFresh(reply)) {
        holders.add(Failure.letter(reply.node()));
      }
    }
    if (holders.isEmpty()) {
      return replies.size() < n
          ? "no R would have been fresh at once: who had it was out of reach"
          : "no R would have been fresh";
    }
    for (int more = r + 1; more <= n; more++) {
      if (replies.size() < more) {
        return "R=" + more + " would have waited for owners that were out of reach";
      }
      boolean surely =
          asksAll
              ? replies.subList(0, more).stream().anyMatch(this::isFresh)
              : replies.size() - holders.size() < more;
      if (surely) {
        return "R=" + more + " would have been fresh";
      }
      if (!asksAll) {
        return "R="
            + more
            + " would have been fresh where it asks "
            + String.join(" or ", holders)
            + (replies.size() > more ? "; R=" + replies.size() + " asks all within reach" : "");
      }
    }
    return "no R would have been fresh";
  }

  private String patience() {
    long least = Long.MAX_VALUE;
    for (int node : read.counted) {
      if (homes.contains(node)) {
        long looked = trace.lookedAt(read, node);
        long has = trace.hasFrom(node, write, looked);
        least = has < 0 ? least : Math.min(least, has - looked);
      }
    }
    return least == Long.MAX_VALUE
        ? "waiting would not have helped: who answered never had it"
        : "waiting "
            + (least < MOMENT_MICROS ? "a moment" : millis(least) + " ms")
            + " would have been enough";
  }

  /// When the coordinator of the write heard of each durable copy but its own, in order. Hints
  /// count where stand-ins do.
  private List<Long> ackTimes() {
    List<Long> times = new ArrayList<>();
    for (int entry : trace.messagesOf(write)) {
      boolean ack =
          trace.is(entry, MessageKind.STORE_REPLICA_REPLY)
              || (sloppy && trace.is(entry, MessageKind.STORE_HINT_REPLY));
      if (ack && trace.recording().fate(entry) == Recording.Fate.TAKEN) {
        times.add((long) trace.recording().y(entry));
      }
    }
    times.sort(null);
    return times;
  }

  /// The least larger W that would have helped; null where none would have.
  private @Nullable String moreCopies() {
    List<Long> acks = ackTimes();
    for (int more = w + 1; more <= n; more++) {
      // Its own copy is the one that needs no message.
      int last = more - 2;
      if (last >= acks.size()) {
        return "W="
            + more
            + " would not have been acknowledged: "
            + (acks.size() + 1)
            + (acks.size() == 0 ? " copy was" : " copies were")
            + " all that could be had";
      }
      if (acks.get(last) + write.backMicros >= read.began) {
        return "W=" + more + " would not have been acknowledged before the read began";
      }
      if (!sloppy && r + more > n) {
        return "W="
            + more
            + " would have met the read, and would have been acknowledged at "
            + millis(acks.get(last) + write.backMicros)
            + " ms";
      }
    }
    return null;
  }

  static String millis(long micros) {
    String text = String.format(Locale.ROOT, "%.3f", micros / 1000.0);
    return text.endsWith("000") ? text.substring(0, text.length() - 2) : text;
  }
}
