// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import java.util.List;

/// A guided tour of a template: a few steps that each say something, do something, and point at a
/// place on the page.
public final class Tour {
  /// What a step does.
  public sealed interface Doing {
    record Nothing() implements Doing {}

    /// Plays the recording.
    record Play() implements Doing {}

    /// Goes to a moment.
    record Seek(long millis) implements Doing {}

    /// Sets a field and runs the scenario again.
    record Set(Field field, String value) implements Doing {}

    /// Opens the card of the first anomaly.
    record OpenCard() implements Doing {}

    /// Begins the tour of another template.
    record Follow(Template next) implements Doing {}
  }

  /// @param look the test id of what it points at
  public record Step(String say, Doing doing, String look) {}

  private static final Doing NOTHING = new Doing.Nothing();
  private static final Doing PLAY = new Doing.Play();
  private static final Doing OPEN_CARD = new Doing.OpenCard();

  private Tour() {}

  private static Step look(String look, String say) {
    return new Step(say, NOTHING, look);
  }

  private static Step play(String look, String say) {
    return new Step(say, PLAY, look);
  }

  private static Step seek(long millis, String look, String say) {
    return new Step(say, new Doing.Seek(millis), look);
  }

  private static Step set(Field field, String value, String say) {
    return new Step(say, new Doing.Set(field, value), "field-" + field.id());
  }

  private static Step card(String say) {
    return new Step(say, OPEN_CARD, "anomalies");
  }

  /// The last step: what this tour has left open, and whose tour goes on with it.
  private static Step next(Template next, String say) {
    return new Step("What this did not show: " + say, new Doing.Follow(next), "template");
  }

  public static List<Step> of(Template template) {
    return switch (template) {
      case CART ->
          List.of(
              look(
                  "ring",
                  "A shop keeps carts on five nodes, three copies of each. The nodes run the real"
                      + " program; network, disks and time are simulated."),
              play(
                  "play",
                  "Press play. A dot is a message: a write goes to the three owners of its key, and"
                      + " is acknowledged with the second copy that is past fsync."),
              seek(
                  5_500,
                  "tab-ring",
                  "At 5 s a cut parts A and B from the others. Both sides go on taking writes: other"
                      + " nodes stand in for owners on the far side and keep a hint for each."),
              seek(
                  7_500,
                  "tab-copies",
                  "Rows are keys, columns nodes, colours versions. The two sides drift apart. Where"
                      + " both changed a cart it will have two versions: nothing is thrown away."),
              seek(
                  10_300,
                  "chart-entropy",
                  "The cut is over. Hints are handed to the owners they were kept for: hinted handoff."
                      + " Anti-entropy finds what no hint covered. Both lines fall to zero."),
              look(
                  "metric-stale_read_pct",
                  "2+2 > 3, and still some reads were stale: a sloppy quorum is not a strict one."
                      + " Each of them has a card that says why."),
              set(
                  Field.SLOPPY,
                  "off",
                  "Now without stand-ins: no read is stale any more, and writes without two owners on"
                      + " their side of the cut fail. That is the choice."),
              next(
                  Template.IOT,
                  "what an owner lacks when no hint was kept for it, and how anti-entropy then finds"
                      + " it. The tour of IoT ingest shows both."));
      case IOT ->
          List.of(
              look(
                  "field-w",
                  "Sensors write all the time. W=1: one durable copy is enough to go on. That is as"
                      + " available as it gets, and the weakest promise."),
              seek(
                  5_100,
                  "ring",
                  "At 5 s node B stands still, as in a long garbage collection. Who had called it"
                      + " waits for its timeout and does not know whether the value was kept."),
              look(
                  "chart-success",
                  "Only the calls to B suffer; the other owners answer as before. Unknown is not"
                      + " failed: the value may be there."),
              seek(
                  7_000,
                  "chart-entropy",
                  "Meanwhile other nodes keep what B has to get: hints. They are the debt of writing"
                      + " with W=1 while an owner is away."),
              set(
                  Field.FAIL,
                  "crash(5s,8s,B)",
                  "Who stands still finds in its inbox what came meanwhile. Who crashes does not: now"
                      + " it is the hints that bring it, in a blink when B is back, and no read is"
                      + " stale."),
              set(
                  Field.HINTS,
                  "off",
                  "Without hints some reads of B are stale after 8 s, and keys stay diverged until"
                      + " something else brings what B missed: anti-entropy, or the key's next write."),
              set(
                  Field.EXCHANGE,
                  "0",
                  "Without anti-entropy it takes longer still. A key that nobody writes again would"
                      + " stay behind: that is why owners compare in the background."),
              next(
                  Template.SOCIAL,
                  "how a read itself mends an owner that is behind: read repair. The tour of the"
                      + " Social feed shows it, and what is left when it is off."));
      case SOCIAL ->
          List.of(
              look(
                  "quorum",
                  "One reply is enough for a read, two copies for a write: 1+2 is not more than 3. A"
                      + " read may meet the one owner that has not got the write yet."),
              play(
                  "play",
                  "Press play and watch one write: two acknowledgements come back, and the third copy"
                      + " is still under way. That is the window."),
              look(
                  "chart-visibility",
                  "The chance that a read is fresh, by the time since the write: measured on the real"
                      + " code, and what the WARS model says of these delays."),
              card(
                  "Each stale read says why. Open the card of one. Mostly the"
                      + " message to the owner that answered was still under way; waiting some ms"
                      + " would have been enough."),
              set(
                  Field.LOSS,
                  "5",
                  "Now one message of twenty is lost. Owners stay behind, and reads of them stale,"
                      + " until a hint or anti-entropy brings what they missed: see the diverged keys."),
              set(
                  Field.R,
                  "2",
                  "2+2 > 3: no stale read is left. The price is the slower of two replies. And who asks"
                      + " two owners sees which is behind, and mends it: read repair. Far fewer keys"
                      + " are diverged."),
              set(
                  Field.REPAIR,
                  "none",
                  "Without read repair they are diverged as before, and still no read is stale. A read"
                      + " needs two owners alone; the third copy is what is left when one of them"
                      + " dies."),
              next(
                  Template.CATALOGUE,
                  "what it costs to rule stale reads out. The tour of the Product catalogue makes"
                      + " every read meet every write, and shows who pays when a node is down."));
      case CATALOGUE ->
          List.of(
              look(
                  "quorum",
                  "Prices are read all day and seldom changed. R=1 is fast, and W=3 makes every read"
                      + " meet every write: 1+3 > 3."),
              look("metric-quorum_read_latency_ms", "Reads are as fast as one node is."),
              seek(
                  6_500,
                  "chart-success",
                  "At 6 s node B goes down. Reads go on. Every write of a key that B owns fails, until"
                      + " B is back: W=N is not safer, only less available."),
              set(
                  Field.W,
                  "2",
                  "With W=2 writes go on with one owner down. A read at R=1 is now fresh by luck only:"
                      + " hints and short delays make misses rare, nothing rules them out."),
              set(
                  Field.R,
                  "2",
                  "With R=2 and W=2 both go on with one owner down and no read is stale. That is why"
                      + " it is the default."),
              next(
                  Template.CHAT,
                  "why R+W>N is not linearizability: one read may show a write that nobody has"
                      + " acknowledged, and a later one not. The tour of the Group chat shows it."));
      case CHAT ->
          List.of(
              look(
                  "quorum",
                  "Each room has five copies; three must answer a read, three must keep a write. Two"
                      + " owners may be lost at any time."),
              seek(
                  6_500,
                  "ring",
                  "At 6 s A and B are cut off. The five others go on: three owners are among them for"
                      + " every room."),
              look(
                  "chart-success",
                  "Who talks to A or B gets no quorum and is told so. Nothing is made up there."),
              look(
                  "metric-stale_read_pct",
                  "No read missed a message that was acknowledged before it began. That is what"
                      + " R+W>N gives, and all it gives."),
              card(
                  "And yet: a writer was cut off and got no answer; one reader saw its message, a later"
                      + " reader did not. Open the card. So R+W>N is not linearizability: it speaks of"
                      + " acknowledged writes alone."),
              set(
                  Field.R,
                  "1",
                  "With R=1 reads take the first of five replies, and one in ten misses a message that"
                      + " was acknowledged. Nobody had to fail for many of these."),
              next(
                  Template.SESSION,
                  "what becomes of two writes at the same time. The tour of the Session store shows"
                      + " how the last write wins, and which updates that loses."));
      case SESSION ->
          List.of(
              look(
                  "field-conflict",
                  "A session is written as a whole, and nobody wants to merge two of them. So of two"
                      + " writes at the same time one is kept: the last one, by the clock."),
              look(
                  "field-skew",
                  "By which clock? Each node has its own, here up to 20 ms off. That is what a network"
                      + " time service gives on a bad day."),
              play(
                  "tab-copies",
                  "Press play. A write replaces what its owner holds. Only two that are under way at"
                      + " the same time meet as rivals: both are acknowledged, one will be lost."),
              card(
                  "Lost updates are acknowledged writes that lost against one at the same time. Where"
                      + " the one that was written last lost, its card here says clock skew, and by how"
                      + " much which clock was wrong."),
              set(
                  Field.SKEW,
                  "0",
                  "With right clocks only writes of the same millisecond can lose against an earlier"
                      + " one. Writes at the same time are lost all the same."),
              set(
                  Field.CONFLICT,
                  "siblings",
                  "And with siblings nothing is lost: who reads two versions merges them. That is the"
                      + " price of keeping both."),
              next(
                  Template.PBS,
                  "how long a read may still miss a write. The tour of the PBS lab measures it as a"
                      + " curve over the time since the write, beside the WARS model."));
      case PBS ->
          List.of(
              look(
                  "chart-visibility",
                  "How likely is a read at R=1 to see a write that one owner has acknowledged, and how"
                      + " soon? Solid: this run. Dotted: the WARS model, whose coordinator is no"
                      + " owner; ours is one, and hears itself at once. Dashed, a moment later:"
                      + " our code in the model's place."),
              look(
                  "field-latency",
                  "Only the delays decide. These are LinkedIn's, with spinning disks: writes are slow"
                      + " and vary much, everything else is fast."),
              set(
                  Field.LATENCY,
                  "lnkd-ssd",
                  "On flash all delays are alike and short: the window closes within a few ms."),
              set(
                  Field.LATENCY,
                  "lnkd-disk",
                  "Back to disks. It is the variance of the write's delay that makes reads stale, not"
                      + " its mean."),
              set(
                  Field.W,
                  "2",
                  "Waiting for a second copy closes most of the window at the price of the second"
                      + " fastest disk."),
              set(Field.R, "2", "And 2+2 > 3 closes it entirely."),
              next(
                  Template.CART,
                  "what failures do: here nothing fails. The tour of the Shopping cart parts the"
                      + " cluster, and shows sloppy quorums, hinted handoff and siblings."));
    };
  }
}
