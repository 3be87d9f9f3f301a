// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

/// What one request asks for; every part may be left to the bucket.
///
/// @param n narrows whom is asked: at most the bucket's n
/// @param r replies that a read waits for
/// @param w copies that a write waits for
/// @param pr replies from primaries
/// @param pw copies on primaries
/// @param dw fsynced copies
/// @param nodeConfirms distinct machines among those that answered
/// @param notfoundOk whether "not found" counts towards r
/// @param basicQuorum with `notfoundOk` off: give up after a majority has found nothing
/// @param durability when a copy counts towards w
/// @param sloppy whether fallbacks count where owners cannot be reached
public record QuorumOptions(
    Level n,
    Level r,
    Level w,
    Level pr,
    Level pw,
    Level dw,
    Level nodeConfirms,
    Choice notfoundOk,
    Choice basicQuorum,
    Durability durability,
    boolean durabilityGiven,
    Choice sloppy) {
  /// Options that leave it to the bucket whether fallbacks count.
  public QuorumOptions(
      Level n,
      Level r,
      Level w,
      Level pr,
      Level pw,
      Level dw,
      Level nodeConfirms,
      Choice notfoundOk,
      Choice basicQuorum,
      Durability durability,
      boolean durabilityGiven) {
    this(
        n,
        r,
        w,
        pr,
        pw,
        dw,
        nodeConfirms,
        notfoundOk,
        basicQuorum,
        durability,
        durabilityGiven,
        Choice.DEFAULT);
  }

  public static final QuorumOptions DEFAULT =
      new QuorumOptions(
          Level.DEFAULT,
          Level.DEFAULT,
          Level.DEFAULT,
          Level.DEFAULT,
          Level.DEFAULT,
          Level.DEFAULT,
          Level.DEFAULT,
          Choice.DEFAULT,
          Choice.DEFAULT,
          Durability.SYNCED,
          false);

  public QuorumOptions withR(Level level) {
    Draft draft = new Draft(this);
    draft.r = level;
    return draft.build();
  }

  public QuorumOptions withW(Level level) {
    Draft draft = new Draft(this);
    draft.w = level;
    return draft.build();
  }

  public QuorumOptions withDurability(Durability wanted) {
    Draft draft = new Draft(this);
    draft.durability = wanted;
    draft.durabilityGiven = true;
    return draft.build();
  }

  public QuorumOptions withSloppy(Choice wanted) {
    Draft draft = new Draft(this);
    draft.sloppy = wanted;
    return draft.build();
  }

  /// A copy that is being changed.
  private static final class Draft {
    Level n;
    Level r;
    Level w;
    Level pr;
    Level pw;
    Level dw;
    Level nodeConfirms;
    Choice notfoundOk;
    Choice basicQuorum;
    Durability durability;
    boolean durabilityGiven;
    Choice sloppy;

    Draft(QuorumOptions from) {
      n = from.n;
      r = from.r;
      w = from.w;
      pr = from.pr;
      pw = from.pw;
      dw = from.dw;
      nodeConfirms = from.nodeConfirms;
      notfoundOk = from.notfoundOk;
      basicQuorum = from.basicQuorum;
      durability = from.durability;
      durabilityGiven = from.durabilityGiven;
      sloppy = from.sloppy;
    }

    QuorumOptions build() {
      return new QuorumOptions(
          n,
          r,
          w,
          pr,
          pw,
          dw,
          nodeConfirms,
          notfoundOk,
          basicQuorum,
          durability,
          durabilityGiven,
          sloppy);
    }
  }
}
