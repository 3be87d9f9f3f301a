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
    boolean sloppy) {
  public static final int N_MAX = 7;

  /// Properties with strict quorums.
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
    this(n, r, w, pr, pw, dw, nodeConfirms, notfoundOk, basicQuorum, durability, false);
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
    return "";
  }

  public BucketProperties withN(int copies) {
    return new BucketProperties(
        copies, r, w, pr, pw, dw, nodeConfirms, notfoundOk, basicQuorum, durability, sloppy);
  }

  public BucketProperties withSloppy(boolean fallbacksCount) {
    return new BucketProperties(
        n, r, w, pr, pw, dw, nodeConfirms, notfoundOk, basicQuorum, durability, fallbacksCount);
  }
}
