// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

/// What holds for every request to a bucket unless the request says otherwise. The names are
/// Riak's.
///
/// @param n copies of each key; fixed at the bucket's first write
/// @param r see [QuorumOptions]; so for the others
/// @param durability when a copy counts: by default past fsync
/// @param sloppy whether fallbacks count where owners cannot be reached; by default they do not, so
///   that r + w > n means what it says
/// @param defaultTtlSeconds the life of a value whose put does not say how long it is to stay; 0
///   for ever
/// @param conflict what becomes of values that were written at the same time
public record BucketProperties(
    int n,
    Level r,
    Level w,
    Level pr,
    Level pw,
    Level dw,
    Level nodeConfirms,
    boolean notfoundOk,
    boolean basicQuorum,
    Durability durability,
    boolean sloppy,
    long defaultTtlSeconds,
    Conflict conflict) {
  public static final int N_MAX = 7;

  /// Ten years of 365 days: the longest life that a value can be given.
  public static final long TTL_SECONDS_MAX = 315_360_000L;

  /// Properties with strict quorums, of a bucket whose values stay.
  public BucketProperties(
      int n,
      Level r,
      Level w,
      Level pr,
      Level pw,
      Level dw,
      Level nodeConfirms,
      boolean notfoundOk,
      boolean basicQuorum,
      Durability durability) {
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
        false,
        0,
        Conflict.SIBLINGS);
  }

  public static final BucketProperties DEFAULT =
      new BucketProperties(
          3,
          Level.Named.QUORUM,
          Level.Named.QUORUM,
          Level.of(0),
          Level.of(0),
          Level.of(0),
          Level.of(0),
          true,
          false,
          Durability.SYNCED);

  /// What is wrong with these numbers among each other, in a sentence; empty where nothing is. A
  /// request that says nothing of its own must be possible.
  public String fault() {
    if (n < 1 || n > N_MAX) {
      return "n_val must be from 1 to " + N_MAX + ", but was " + n;
    }
    String[] names = {"r", "w", "pr", "pw", "dw", "node_confirms"};
    Level[] levels = {r, w, pr, pw, dw, nodeConfirms};
    for (int i = 0; i < names.length; i++) {
      if (levels[i] == Level.Named.ANY && i != 1) {
        return names[i] + " cannot be any: only w can";
      }
      int least = i < 2 ? 1 : 0;
      int count = levels[i].of(n, least);
      if (count < least || count > n) {
        return names[i] + " is " + count + " but must be from " + least + " to n_val = " + n;
      }
    }
    if (defaultTtlSeconds < 0 || defaultTtlSeconds > TTL_SECONDS_MAX) {
      return "default_ttl must be from 0 to "
          + TTL_SECONDS_MAX
          + " seconds, but was "
          + defaultTtlSeconds;
    }
    return "";
  }

  public BucketProperties withN(int copies) {
    Draft draft = new Draft(this);
    draft.n = copies;
    return draft.build();
  }

  public BucketProperties withSloppy(boolean fallbacksCount) {
    Draft draft = new Draft(this);
    draft.sloppy = fallbacksCount;
    return draft.build();
  }

  public BucketProperties withDefaultTtlSeconds(long seconds) {
    Draft draft = new Draft(this);
    draft.defaultTtlSeconds = seconds;
    return draft.build();
  }

  public BucketProperties withConflict(Conflict wanted) {
    Draft draft = new Draft(this);
    draft.conflict = wanted;
    return draft.build();
  }

  /// Whether of values that were written at the same time the last one wins.
  public boolean lastWriteWins() {
    return conflict == Conflict.LWW_LOSSY;
  }

  /// A copy that is being changed.
  private static final class Draft {
    int n;
    Level r;
    Level w;
    Level pr;
    Level pw;
    Level dw;
    Level nodeConfirms;
    boolean notfoundOk;
    boolean basicQuorum;
    Durability durability;
    boolean sloppy;
    long defaultTtlSeconds;
    Conflict conflict;

    Draft(BucketProperties from) {
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
      sloppy = from.sloppy;
      defaultTtlSeconds = from.defaultTtlSeconds;
      conflict = from.conflict;
    }

    BucketProperties build() {
      return new BucketProperties(
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
          sloppy,
          defaultTtlSeconds,
          conflict);
    }
  }
}
