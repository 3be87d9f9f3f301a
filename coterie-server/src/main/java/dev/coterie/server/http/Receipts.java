// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.causality.HybridClock;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.quorum.Durability;
import java.util.ArrayList;
import java.util.List;

/// The headers that say what a reply rests on: `X-Coterie-Outcome`, `X-Coterie-Receipt` and, where
/// there is something to know, `X-Coterie-Note`. Their form is documented in `docs/http-api.md`.
final class Receipts {
  private static final byte[] RECEIPT = ResponseBuffer.ascii("X-Coterie-Receipt: ");
  private static final byte[] NOTE = ResponseBuffer.ascii("X-Coterie-Note: ");
  private static final byte[] APPLIED = outcome("applied");
  private static final byte[] FOUND = outcome("found");
  private static final byte[] NOT_FOUND = outcome("not-found");
  private static final byte[] REJECTED = outcome("rejected");
  private static final byte[] INDETERMINATE = outcome("indeterminate");
  private static final String NOT_ATOMIC =
      "the condition was checked, not atomic: another write may have come in between";

  private static final String READ_OF_FALLBACKS =
      "no owner has answered: an owner may hold newer values, or know of a delete";
  private static final String WRITE_OF_FALLBACKS =
      "no owner has it yet: reads of owners see it once the fallbacks have given it back";

  private Receipts() {}

  private static byte[] outcome(String word) {
    return ResponseBuffer.ascii("X-Coterie-Outcome: " + word + "\r\n");
  }

  /// @param narrowed whether the request itself asked for fewer copies than the bucket has
  static void write(Outcome outcome, boolean narrowed, ResponseBuffer out) {
    boolean read = false;
    switch (outcome) {
      case Outcome.Found _ -> {
        out.line(FOUND);
        read = true;
      }
      case Outcome.NotFound _ -> {
        out.line(NOT_FOUND);
        read = true;
      }
      case Outcome.Applied _ -> out.line(APPLIED);
      case Outcome.Rejected _ -> out.line(REJECTED);
      case Outcome.Indeterminate _ -> out.line(INDETERMINATE);
    }
    Receipt receipt = outcome.receipt();
    out.header(RECEIPT, text(receipt, !read));
    boolean fewer = !narrowed && receipt.n() > 0 && receipt.n() < receipt.bucketN();
    List<String> notes = new ArrayList<>(0);
    if (fewer) {
      notes.add(fewer(receipt));
    }
    if (receipt.checkedNotAtomic()) {
      notes.add(NOT_ATOMIC);
    }
    if (receipt.isFallbacksOnly()) {
      notes.add(read ? READ_OF_FALLBACKS : WRITE_OF_FALLBACKS);
    }
    if (!notes.isEmpty()) {
      out.header(NOTE, String.join("; ", notes));
    }
  }

  private static String fewer(Receipt receipt) {
    return "only "
        + receipt.n()
        + (receipt.n() == 1 ? " machine: " : " machines: ")
        + receipt.n()
        + " of the bucket's "
        + receipt.bucketN()
        + " copies";
  }

  /// `needed=2 got=2 n=3 bucket_n=3 epoch=1 coordinator=n1
  /// answers=n1:primary:synced,n2:fallback:buffered`; a read's answers are without durability. In a
  /// last-write-wins bucket `timestamp=1700000000000+0`, of what was written or has won, and
  /// `threw_away=0 blindly_replaced=1`, or for a read `hides=1`.
  static StringBuilder text(Receipt receipt, boolean durable) {
    StringBuilder text = new StringBuilder(160);
    text.append("needed=").append(receipt.needed());
    text.append(" got=").append(receipt.got());
    text.append(" n=").append(receipt.n());
    text.append(" bucket_n=").append(receipt.bucketN());
    text.append(" epoch=").append(receipt.epoch());
    text.append(" coordinator=").append(receipt.coordinator().name());
    text.append(" answers=");
    List<Receipt.Answer> answers = receipt.answers();
    for (int i = 0; i < answers.size(); i++) {
      Receipt.Answer answer = answers.get(i);
      text.append(i == 0 ? "" : ",").append(answer.node().name());
      text.append(answer.primary() ? ":primary" : ":fallback");
      if (durable) {
        text.append(answer.durability() == Durability.SYNCED ? ":synced" : ":buffered");
      }
    }
    Receipt.Race race = receipt.race();
    if (race.stamp() > 0) {
      text.append(" timestamp=").append(HybridClock.millisOf(race.stamp()));
      text.append('+').append(HybridClock.counterOf(race.stamp()));
      text.append(durable ? " threw_away=" : " hides=").append(race.lost());
      if (durable) {
        text.append(" blindly_replaced=").append(race.blind());
      }
    }
    return text;
  }
}
