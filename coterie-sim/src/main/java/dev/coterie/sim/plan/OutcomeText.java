// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.HybridClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.quorum.Durability;
import dev.coterie.sim.world.SimClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Outcomes and records as a person reads them in scripts and traces.
public final class OutcomeText {
  private OutcomeText() {}

  public static String of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Found(KeyRecord record, Receipt receipt) ->
          "found " + of(record) + " from " + answers(receipt, false);
      case Outcome.NotFound(CausalContext context, Receipt receipt) ->
          "not found"
              + (context.isEmpty() ? "" : " " + context)
              + " from "
              + answers(receipt, false);
      case Outcome.Applied(KeyRecord record, Receipt receipt, long _) ->
          "applied "
              + (record.siblings().isEmpty() ? record.context() : of(record))
              + " acks "
              + answers(receipt, true);
      case Outcome.Rejected(Reason reason, Receipt _) -> "rejected " + reason;
      case Outcome.Indeterminate(Reason reason, Receipt receipt) ->
          "indeterminate " + reason + " acks " + answers(receipt, true);
    };
  }

  /// `milk(a/1,1) | bread(b/1,1) {a/1:1 b/1:1}`; `deleted {...}`; `nothing`.
  public static String of(KeyRecord record) {
    if (record.isEmpty()) {
      return "nothing";
    }
    if (record.isTombstone()) {
      return "deleted " + record.context();
    }
    StringBuilder text = new StringBuilder();
    for (Sibling sibling : record.siblings()) {
      boolean deleted = LastWrite.isDelete(sibling);
      text.append(text.isEmpty() ? "" : " | ");
      text.append(deleted ? "deleted" : label(sibling.value())).append(sibling.dot());
      text.append(stamp(sibling.stamp()));
      if (sibling.expiryMillis() > 0 && !deleted) {
        text.append(until(sibling.expiryMillis()));
      }
    }
    return text + " " + record.context();
  }

  /// ` until 12.345s`: when a right clock says that a value expires, from the start of the world
  /// on.
  private static String until(long expiryMillis) {
    return String.format(
        Locale.ROOT, " until %.3fs", (expiryMillis - SimClock.EPOCH_MILLIS) / 1000.0);
  }

  /// `@12.345s+1`: when a last-write-wins value was written, by a hybrid clock.
  private static String stamp(long stamp) {
    int counter = HybridClock.counterOf(stamp);
    return stamp == 0
        ? ""
        : String.format(
                Locale.ROOT,
                "@%.3fs",
                (HybridClock.millisOf(stamp) - SimClock.EPOCH_MILLIS) / 1000.0)
            + (counter == 0 ? "" : "+" + counter);
  }

  private static String race(Receipt.Race race, String verb) {
    return (race.lost() == 0 ? "" : ", " + verb + " " + race.lost())
        + (race.blind() == 0 ? "" : ", blindly replaced " + race.blind());
  }

  /// What a script calls a value: behind the id of its write, or that id where it gave no name.
  public static String label(Bytes value) {
    String text = new String(value.array(), StandardCharsets.UTF_8);
    int space = text.indexOf(' ');
    return space < 0 ? text : text.substring(space + 1);
  }

  private static String answers(Receipt receipt, boolean write) {
    List<String> names = new ArrayList<>();
    for (Receipt.Answer answer : receipt.answers()) {
      names.add(
          answer.node()
              + (answer.primary() ? "" : " (fallback)")
              + (write && answer.durability() == Durability.BUFFERED ? " (buffered)" : ""));
    }
    return (names.isEmpty() ? "nobody" : String.join(", ", names))
        + race(receipt.race(), write ? "threw away" : "hides");
  }
}
