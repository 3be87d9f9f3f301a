// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

/// What holds for every request to a bucket unless the request says otherwise. The names are
/// Riak's.
///
/// @param n copies of each key; fixed at the bucket's first write
/// @param r see [QuorumOptions]; so for the others
/// @param durability when a copy counts: by default past fsync
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
    Durability durability) {
  public static final int N_MAX = 7;

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
        copies, r, w, pr, pw, dw, nodeConfirms, notfoundOk, basicQuorum, durability);
  }
}
