// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.handoff;

import dev.coterie.core.base.Invariant;

/// How fallbacks stand in for owners, and how they give back what they held. Times in ns; bytes and
/// counts are those of one shard.
///
/// @param hintAfterNanos a fallback stands in for an owner that has not acked a write after so
///   long. Less: more hints for owners that are only slow
/// @param bytesMax bytes of hints that are held at most; above them the answer is "full"
/// @param ownerBytesMax the same for one owner
/// @param entriesMax writes that are joined into one hint at most
/// @param writesMax writes that are remembered at once, to see which owners they do not reach; for
///   one above it no fallback stands in later. Sloppy ones have as many places more; one that needs
///   a fallback and finds none free is rejected as overload
/// @param intervalNanos how often hints that could not be given are tried again
/// @param retryNanos an owner that does not answer is left alone for so long
/// @param chunkBytes bytes of hints that are read at once
/// @param pauseNanos pause between two chunks while hints are counted at the start
/// @param atOnce owners and groups to which hints are given at once
/// @param creditsMax hints that an owner lets come at once, from all who give
/// @param roundCreditsMax the same from one who gives, for one group
/// @param busyInbox an owner with so many events waiting grants nothing
public record HandoffConfig(
    long hintAfterNanos,
    long bytesMax,
    long ownerBytesMax,
    int entriesMax,
    int writesMax,
    long intervalNanos,
    long retryNanos,
    int chunkBytes,
    long pauseNanos,
    int atOnce,
    int creditsMax,
    int roundCreditsMax,
    int busyInbox) {
  public HandoffConfig {
    Invariant.check(hintAfterNanos > 0, "hintAfterNanos %s", hintAfterNanos);
    Invariant.check(bytesMax >= 0, "bytesMax %s", bytesMax);
    Invariant.check(ownerBytesMax >= 0, "ownerBytesMax %s", ownerBytesMax);
    Invariant.check(entriesMax >= 1, "entriesMax %s", entriesMax);
    Invariant.check(writesMax >= 1, "writesMax %s", writesMax);
    Invariant.check(intervalNanos > 0 && retryNanos > 0, "intervals %s", intervalNanos);
    Invariant.check(chunkBytes >= 1 && atOnce >= 1, "chunkBytes %s", chunkBytes);
    Invariant.check(
        1 <= roundCreditsMax && roundCreditsMax <= creditsMax, "credits %s", roundCreditsMax);
    Invariant.check(busyInbox >= 1, "busyInbox %s", busyInbox);
  }

  public static HandoffConfig lan() {
    return new HandoffConfig(
        200_000_000L,
        1L << 30,
        256L << 20,
        256,
        10_000,
        5_000_000_000L,
        2_000_000_000L,
        256 * 1024,
        2_000_000L,
        4,
        64,
        16,
        256);
  }

  public HandoffConfig withBounds(long bytes, long ownerBytes) {
    Draft draft = new Draft(this);
    draft.bytesMax = bytes;
    draft.ownerBytesMax = ownerBytes;
    return draft.build();
  }

  public HandoffConfig withHintAfterNanos(long nanos) {
    Draft draft = new Draft(this);
    draft.hintAfterNanos = nanos;
    return draft.build();
  }

  public HandoffConfig withWritesMax(int most) {
    Draft draft = new Draft(this);
    draft.writesMax = most;
    return draft.build();
  }

  public HandoffConfig withCredits(int most, int inRound) {
    Draft draft = new Draft(this);
    draft.creditsMax = most;
    draft.roundCreditsMax = inRound;
    return draft.build();
  }

  /// A copy that is being changed.
  private static final class Draft {
    long hintAfterNanos;
    long bytesMax;
    long ownerBytesMax;
    int entriesMax;
    int writesMax;
    long intervalNanos;
    long retryNanos;
    int chunkBytes;
    long pauseNanos;
    int atOnce;
    int creditsMax;
    int roundCreditsMax;
    int busyInbox;

    Draft(HandoffConfig from) {
      hintAfterNanos = from.hintAfterNanos;
      bytesMax = from.bytesMax;
      ownerBytesMax = from.ownerBytesMax;
      entriesMax = from.entriesMax;
      writesMax = from.writesMax;
      intervalNanos = from.intervalNanos;
      retryNanos = from.retryNanos;
      chunkBytes = from.chunkBytes;
      pauseNanos = from.pauseNanos;
      atOnce = from.atOnce;
      creditsMax = from.creditsMax;
      roundCreditsMax = from.roundCreditsMax;
      busyInbox = from.busyInbox;
    }

    HandoffConfig build() {
      return new HandoffConfig(
          hintAfterNanos,
          bytesMax,
          ownerBytesMax,
          entriesMax,
          writesMax,
          intervalNanos,
          retryNanos,
          chunkBytes,
          pauseNanos,
          atOnce,
          creditsMax,
          roundCreditsMax,
          busyInbox);
    }
  }
}
