// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.explain;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.HybridClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.coordinator.ReadMerge;
import dev.coterie.core.explain.KeyReport.Holder;
import dev.coterie.core.explain.KeyReport.Replica;
import dev.coterie.core.explain.KeyReport.Said;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.ReplicaView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The sentences that say why a key is as it is: who cannot be heard, what a read returns, who
/// lacks what and how that ends, what has expired, why there are siblings, for whom a tombstone
/// waits. It judges by the rules of [ReadMerge] and [Expiry], which it asks, and of
/// [dev.coterie.core.vnode.Absorption].
public final class KeyExplanation {
  /// Above so many siblings they are not explained pair by pair.
  private static final int PAIRED_MAX = 4;

  /// Above so many ways in which a read may be answered only the number is told.
  private static final int WAYS_MAX = 6;

  private static final String BROUGHT = "The next exchange, or a read that hears both, brings it.";

  private final KeyReport report;
  private final List<Holder> holders;
  private final List<String> sentences = new ArrayList<>();

  private KeyExplanation(KeyReport report) {
    this.report = report;
    this.holders = report.holders();
  }

  public static List<String> of(KeyReport report) {
    KeyExplanation explanation = new KeyExplanation(report);
    explanation.health();
    explanation.read();
    explanation.lost();
    explanation.expired();
    explanation.differences();
    explanation.sentences.addAll(HintSentences.sentences(report));
    explanation.siblings();
    explanation.tombstones();
    return explanation.sentences;
  }

  private void say(String sentence) {
    sentences.add(sentence);
  }

  private void health() {
    for (Replica replica : report.replicas()) {
      NodeId node = replica.node();
      switch (replica.said()) {
        case Said.Silent(String why) -> say(node + " " + why + ": what it holds is not known.");
        case Said.Told(ReplicaView view) -> {
          switch (view.health()) {
            case WHOLE -> {}
            case COPYING ->
                say(node + "'s copy is being filled from the other owners: it has no vote yet.");
            case UNSURE ->
                say(
                    node
                        + " has started, and its peers have yet to confirm its store: it has no vote"
                        + " yet.");
            case DAMAGED ->
                say(
                    node
                        + "'s record fails its checksum: it is taken back from the other owners"
                        + " once all of them have answered.");
            case UNREADABLE -> say(node + "'s disk would not give the record.");
            case NOT_OWNER -> say(node + " does not own the key: its placement is another one.");
          }
        }
      }
    }
  }

  // What a read returns

  private static boolean votes(Holder holder) {
    return holder.view().health() == ReplicaView.Health.WHOLE;
  }

  private static ReadMerge.Answer answer(Holder holder) {
    ReplicaView view = holder.view();
    ReadStatus status =
        !votes(holder)
            ? ReadStatus.NO_VOTE
            : view.record().isEmpty() ? ReadStatus.NOT_FOUND : ReadStatus.FOUND;
    return new ReadMerge.Answer(
        holder.node(), status, view.record(), view.clock(), view.forgotten(), false);
  }

  private KeyRecord merge(List<Holder> among) {
    List<ReadMerge.Answer> answers = new ArrayList<>();
    for (Holder holder : among) {
      answers.add(answer(holder));
    }
    return ReadMerge.mergeAskedAgain(answers, report.wallMillis());
  }

  private void read() {
    List<Holder> voters = new ArrayList<>();
    for (Holder holder : holders) {
      if (votes(holder)) {
        voters.add(holder);
      }
    }
    int r = report.r();
    if (voters.size() < r) {
      say(
          "A read with r="
              + r
              + " fails: "
              + (voters.isEmpty() ? "no owner" : "only " + voters.size() + " of the owners")
              + " can answer and vote.");
      return;
    }
    Map<String, List<String>> ways = new LinkedHashMap<>();
    for (int chosen = 1; chosen < 1 << voters.size(); chosen++) {
      if (Integer.bitCount(chosen) != r) {
        continue;
      }
      List<Holder> among = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (int i = 0; i < voters.size(); i++) {
        if ((chosen & 1 << i) != 0) {
          among.add(voters.get(i));
          names.add(voters.get(i).node().name());
        }
      }
      ways.computeIfAbsent(returns(merge(among)), _ -> new ArrayList<>())
          .add(String.join("+", names));
    }
    String begin = "A read with r=" + r + " returns ";
    if (ways.size() == 1) {
      String of = r == voters.size() ? "" : ", whichever " + r + " of the owners answer first";
      say(begin + ways.keySet().iterator().next() + of + ".");
    } else if (ways.size() <= WAYS_MAX) {
      List<String> each = new ArrayList<>();
      ways.forEach(
          (what, who) -> each.add(what + " if " + String.join(" or ", who) + " answer first"));
      say(begin + String.join(", ", each) + ".");
    } else {
      say(begin + "one of " + ways.size() + " things, as the owners that answer first differ.");
    }
    if (ways.size() > 1) {
      say("A read that hears all of them returns " + returns(merge(holders)) + ".");
    }
  }

  private String returns(KeyRecord merged) {
    KeyRecord shown =
        report.lastWriteWins()
            ? LastWrite.view(merged, report.wallMillis())
            : Expiry.visible(merged, report.wallMillis());
    if (shown.siblings().isEmpty()) {
      Sibling winner = LastWrite.winner(merged);
      boolean deleted = merged.isTombstone() || (winner != null && LastWrite.isDelete(winner));
      return merged.isEmpty()
          ? "\"not found\" (nothing is known)"
          : deleted ? "\"not found\" (deleted)" : "\"not found\" (expired)";
    }
    return (shown.siblings().size() == 1 ? "" : "the siblings ") + list(shown.dots());
  }

  private static String list(List<Dot> dots) {
    List<String> names = new ArrayList<>();
    for (Dot dot : dots) {
      names.add(dot.toString());
    }
    if (names.size() < 2) {
      return String.join("", names);
    }
    return String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
  }

  /// What has lost, to what, and by how much.
  private void lost() {
    KeyRecord merged = merge(holders);
    Sibling winner = LastWrite.winner(merged);
    if (!report.lastWriteWins() || winner == null || merged.siblings().size() < 2) {
      return;
    }
    say(
        "The bucket is lww-lossy: of "
            + merged.siblings().size()
            + " writes, of which none has replaced another, the last wins.");
    for (Sibling sibling : merged.siblings()) {
      if (sibling != winner) {
        say(
            named(sibling)
                + " has lost against "
                + named(winner)
                + ": "
                + earlier(sibling, winner)
                + ". No read that hears of both shows it, and the next write of the key replaces it.");
      }
    }
  }

  private static String named(Sibling sibling) {
    return (LastWrite.isDelete(sibling) ? "the delete " : "") + sibling.dot();
  }

  private static String earlier(Sibling loser, Sibling winner) {
    if (loser.stamp() == winner.stamp()) {
      return "their timestamps are the same, and its dot is the lower one";
    }
    if (loser.stamp() == 0) {
      return "it has no timestamp, being older than the bucket's property";
    }
    long millis = HybridClock.millisOf(winner.stamp()) - HybridClock.millisOf(loser.stamp());
    return "its timestamp is "
        + (millis == 0 ? "earlier within the same ms" : millis + " ms earlier")
        + ", by the clocks of "
        + loser.dot().actor().node()
        + " and "
        + winner.dot().actor().node();
  }

  private void expired() {
    for (Sibling sibling : values().values()) {
      if (!LastWrite.isDelete(sibling) && Expiry.isExpired(sibling, report.wallMillis())) {
        say(
            sibling.dot()
                + " has expired: "
                + end(sibling, report)
                + ", by the clock of "
                + report.by()
                + ". No read through "
                + report.by()
                + " shows it.");
      }
    }
  }

  /// `its end was 12 s ago, at 1700000000000 ms`.
  static String end(Sibling sibling, KeyReport report) {
    long left = sibling.expiryMillis() - report.wallMillis();
    String span = Arrival.span(Math.abs(left) * 1_000_000);
    return (left > 0 ? "its end is in " + span : "its end was " + span + " ago")
        + ", at "
        + sibling.expiryMillis()
        + " ms";
  }

  // Who lacks what

  /// Each value that some owner holds.
  private TreeMap<Dot, Sibling> values() {
    TreeMap<Dot, Sibling> values = new TreeMap<>();
    for (Holder holder : holders) {
      for (Sibling sibling : holder.view().record().siblings()) {
        values.putIfAbsent(sibling.dot(), sibling);
      }
    }
    return values;
  }

  private void differences() {
    if (holders.isEmpty()) {
      return;
    }
    boolean equal = true;
    boolean inStep = true;
    KeyRecord merged = merge(holders);
    for (Holder holder : holders) {
      ReplicaView view = holder.view();
      equal &= view.record().equals(holders.getFirst().view().record());
      inStep &= Expiry.agrees(view.record(), view.clock(), merged, report.wallMillis());
    }
    if (inStep && holders.size() > 1) {
      boolean all = holders.size() == report.replicas().size();
      say(
          (all ? "All " : "The ")
              + holders.size()
              + " owners "
              + (all ? "" : "that told ")
              + (equal
                  ? "hold the same."
                  : "are in step: what one of them shows no more, it has seen."));
    }
    if (equal) {
      return;
    }
    TreeMap<Dot, Sibling> values = values();
    for (Holder owner : holders) {
      Map<String, List<Dot>> gone = new LinkedHashMap<>();
      for (Map.Entry<Dot, Sibling> value : values.entrySet()) {
        Dot dot = value.getKey();
        if (owner.view().record().holds(dot)) {
          continue;
        }
        if (owner.view().record().context().contains(dot)) {
          gone.computeIfAbsent(replaced(owner.view(), dot), _ -> new ArrayList<>()).add(dot);
        } else if (owner.view().clock().contains(dot)
            && Expiry.isExpired(value.getValue(), report.wallMillis())) {
          gone.computeIfAbsent(
                  "it has seen it, and has let go of it when it had expired everywhere",
                  _ -> new ArrayList<>())
              .add(dot);
        } else {
          say(absence(owner, dot));
        }
      }
      gone.forEach(
          (why, dots) -> say(owner.node() + " holds " + list(dots) + " no more: " + why + "."));
    }
    for (Holder owner : holders) {
      tombstoneLacked(owner);
      folded(owner, merged.context());
    }
  }

  /// A context that names less than another's, because its owner has seen the rest.
  private void folded(Holder owner, CausalContext whole) {
    ReplicaView view = owner.view();
    DotSet left = whole.dots().minus(view.record().context().dots());
    for (Dot dot : values().keySet()) {
      left = left.minus(DotSet.of(dot)); // has a sentence of its own
    }
    if (!view.record().siblings().isEmpty() && !left.isEmpty() && view.clock().containsAll(left)) {
      say(
          owner.node()
              + "'s record no longer names {"
              + left
              + "}, replaced long ago: its clock has all of that, so it is not behind.");
    }
  }

  private List<Holder> holding(Dot dot) {
    List<Holder> having = new ArrayList<>();
    for (Holder holder : holders) {
      if (holder.view().record().holds(dot)) {
        having.add(holder);
      }
    }
    return having;
  }

  private String absence(Holder owner, Dot dot) {
    ReplicaView view = owner.view();
    List<Holder> having = holding(dot);
    if (!view.clock().contains(dot)) {
      Holder lender = having.getFirst();
      for (Holder holder : having) {
        if (lender.view().forgotten().contains(dot)) {
          lender = holder;
        }
      }
      String lacks =
          owner.node()
              + " lacks "
              + dot
              + ": it has not seen it yet, and is "
              + dots(lag(lender, owner))
              + " behind "
              + lender.node();
      return lender.view().forgotten().contains(dot)
          ? lacks + ", whose log has dropped it: the whole group is copied from there."
          : lacks + ". " + BROUGHT;
    }
    GroupClock dropped = new GroupClock(view.forgotten(), view.clock().closed());
    for (Holder holder : having) {
      if (holder.view().clock().hasSeen(dropped)) {
        return owner.node()
            + " has lost "
            + dot
            + ": "
            + covers(view, dot)
            + " and its record shows nothing that removed it. The value stays,"
            + " and a read that hears "
            + owner.node()
            + " and "
            + holder.node()
            + " brings it back.";
      }
    }
    List<Holder> doubted = new ArrayList<>();
    for (Holder holder : having) {
      if (!ReadMerge.doubted(List.of(answer(owner), answer(holder)), report.wallMillis())
          .isEmpty()) {
        doubted.add(holder);
      }
    }
    if (!doubted.isEmpty()) {
      return owner.node()
          + " has lost "
          + dot
          + ", if "
          + names(doubted)
          + (doubted.size() == 1 ? " holds" : " hold")
          + " it still: "
          + covers(view, dot)
          + "; "
          + names(doubted)
          + (doubted.size() == 1 ? " has" : " have")
          + " not closed yet what "
          + owner.node()
          + " has, so the clocks do not tell. A read that hears both asks there once more.";
    }
    return owner.node()
        + " has seen the end of "
        + dot
        + ": "
        + covers(view, dot)
        + ", and who holds it ("
        + names(having)
        + ") knows less than "
        + owner.node()
        + "'s log has dropped. It was replaced or deleted long ago, and a read that hears "
        + owner.node()
        + " drops it.";
  }

  private static String covers(ReplicaView view, Dot dot) {
    return view.clock().isClosed(dot.actor())
        ? "in its clock every boot of "
            + dot.actor().node()
            + " below "
            + view.clock().closedBelow(dot.actor().node())
            + " is closed"
        : "its clock covers it";
  }

  private static long lag(Holder ahead, Holder behind) {
    return ahead.view().clock().beyond(behind.view().clock()).size();
  }

  private static String dots(long count) {
    return count == 1 ? "1 dot" : count + " dots";
  }

  private static String names(List<Holder> holders) {
    List<String> names = new ArrayList<>();
    for (Holder holder : holders) {
      names.add(holder.node().name());
    }
    return String.join(", ", names);
  }

  private static String replaced(ReplicaView view, Dot dot) {
    for (LogEntry entry : view.log()) {
      if (entry.replaced().contains(dot)) {
        boolean value = view.record().holds(entry.dot());
        return "replaced by the write " + entry.dot() + (value ? "" : ", which is no more either");
      }
    }
    return view.record().siblings().isEmpty()
        ? "deleted"
        : "replaced by what is there now, or by something before it: " + list(view.record().dots());
  }

  /// A delete that has not come everywhere.
  private void tombstoneLacked(Holder owner) {
    for (Holder other : holders) {
      CausalContext theirs = other.view().record().context();
      if (!other.view().record().isTombstone()
          || owner.view().record().context().containsAll(theirs)) {
        continue;
      }
      DotSet unseen = theirs.dots().minus(owner.view().record().context().dots());
      if (owner.view().clock().containsAll(unseen)) {
        if (owner.view().record().isEmpty()) {
          say(
              owner.node()
                  + " has seen all of "
                  + other.node()
                  + "'s tombstone and holds nothing: it has let it go.");
        }
      } else {
        say(
            owner.node()
                + " lacks the delete that "
                + other.node()
                + " holds: it is "
                + dots(lag(other, owner))
                + " behind "
                + other.node()
                + ". "
                + BROUGHT);
      }
      return;
    }
  }

  // Siblings and tombstones

  private void siblings() {
    List<Sibling> there = Expiry.live(merge(holders), report.wallMillis());
    if (there.size() < 2 || report.lastWriteWins()) {
      return;
    }
    if (there.size() > PAIRED_MAX) {
      say(
          there.size()
              + " siblings: none of their writers had seen another of them. A put with the context"
              + " of a read replaces them all.");
      return;
    }
    for (int i = 0; i < there.size(); i++) {
      for (int j = i + 1; j < there.size(); j++) {
        say(
            there.get(i).dot()
                + " and "
                + there.get(j).dot()
                + " are siblings: they were written without having seen each other, so neither"
                + " write's context holds the other's dot.");
      }
    }
  }

  private void tombstones() {
    for (Holder holder : holders) {
      ReplicaView view = holder.view();
      if (!Expiry.isOver(view.record(), report.wallMillis())) {
        continue;
      }
      Sibling last = LastWrite.winner(view.record());
      boolean deleted = view.record().isTombstone() || (last != null && LastWrite.isDelete(last));
      List<String> lacking = new ArrayList<>();
      for (NodeId node : view.lacking()) {
        lacking.add(node.name());
      }
      say(
          holder.node()
              + (deleted ? "'s tombstone " : "'s expired record ")
              + (lacking.isEmpty()
                  ? "waits for nobody: every owner has told to have all of it, and it goes"
                      + (deleted ? "." : " once its end has passed by the clocks of all.")
                  : "waits for "
                      + String.join(" and ", lacking)
                      + ", not yet known to have durably seen all of "
                      + view.record().context()
                      + "."));
    }
  }
}
