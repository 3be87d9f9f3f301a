// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

/// The numbers that one request is held to, after bucket and cluster have been asked.
///
/// @param n copies, each on a machine of its own
/// @param r replies that a read needs, at least `pr`
/// @param w copies that a write needs, at least `pw` and `dw`
/// @param sloppy whether fallbacks count towards r, w, dw and node_confirms where owners cannot be
///   reached; never towards pr and pw
public record QuorumSpec(
    int n,
    int r,
    int w,
    int pr,
    int pw,
    int dw,
    int nodeConfirms,
    boolean notfoundOk,
    boolean basicQuorum,
    Durability durability,
    boolean sloppy) {

  /// A spec in which owners alone count.
  public QuorumSpec(
      int n,
      int r,
      int w,
      int pr,
      int pw,
      int dw,
      int nodeConfirms,
      boolean notfoundOk,
      boolean basicQuorum,
      Durability durability) {
    this(n, r, w, pr, pw, dw, nodeConfirms, notfoundOk, basicQuorum, durability, false);
  }

  /// That of a read which so many owners must answer, and no fallback may.
  public QuorumSpec readOfOwners(int count) {
    return new QuorumSpec(n, count, w, 0, 0, 0, 0, true, false, durability);
  }

  public sealed interface Resolution {
    record Valid(QuorumSpec spec) implements Resolution {}

    /// The request cannot be met by any cluster of this size; `name` is the parameter at fault.
    record Invalid(String name, String sentence) implements Resolution {}
  }

  /// The numbers for a request with `asked` to a bucket with `bucket` in a cluster of `machines`
  /// machines.
  ///
  /// Copies never double up on a machine: with fewer machines than the bucket's n, n is the number
  /// of machines, and words (`quorum`, `all`) are counted from that. A *number* above it is
  /// refused, never lowered: nobody gets fewer copies than the number that was asked for.
  public static Resolution resolve(BucketProperties bucket, QuorumOptions asked, int machines) {
    int present = Math.min(bucket.n(), machines);
    int n = asked.n().of(present, present);
    if (n < 1 || n > bucket.n()) {
      return new Resolution.Invalid(
          "n_val", "n_val is " + n + " but must be from 1 to the bucket's " + bucket.n());
    }
    n = Math.min(n, present);
    int r = asked.r().of(n, bucket.r().of(n, n / 2 + 1));
    int w = asked.w().of(n, bucket.w().of(n, n / 2 + 1));
    int pr = asked.pr().of(n, bucket.pr().of(n, 0));
    int pw = asked.pw().of(n, bucket.pw().of(n, 0));
    int dw = asked.dw().of(n, bucket.dw().of(n, 0));
    int confirms = asked.nodeConfirms().of(n, bucket.nodeConfirms().of(n, 0));
    String[] names = {"r", "w", "pr", "pw", "dw", "node_confirms"};
    int[] values = {r, w, pr, pw, dw, confirms};
    Level[] levels = {
      asked.r(), asked.w(), asked.pr(), asked.pw(), asked.dw(), asked.nodeConfirms()
    };
    for (int i = 0; i < names.length; i++) {
      if (levels[i] == Level.Named.ANY && i != 1) {
        return new Resolution.Invalid(names[i], names[i] + " cannot be any: only w can");
      }
    }
    Level wanted = asked.w() == Level.Named.DEFAULT ? bucket.w() : asked.w();
    boolean sloppy = asked.sloppy().or(bucket.sloppy()) || wanted == Level.Named.ANY;
    for (int i = 0; i < names.length; i++) {
      int least = i < 2 ? 1 : 0;
      if (values[i] < least || values[i] > n) {
        return new Resolution.Invalid(
            names[i],
            names[i]
                + " is "
                + values[i]
                + " but must be from "
                + least
                + " to n = "
                + n
                + (n < bucket.n() && values[i] <= bucket.n()
                    ? " (the cluster has " + machines + " machines for n_val = " + bucket.n() + ")"
                    : ""));
      }
    }
    return new Resolution.Valid(
        new QuorumSpec(
            n,
            Math.max(r, pr),
            Math.max(w, Math.max(pw, dw)),
            pr,
            pw,
            dw,
            confirms,
            asked.notfoundOk().or(bucket.notfoundOk()),
            asked.basicQuorum().or(bucket.basicQuorum()),
            asked.durabilityGiven() ? asked.durability() : bucket.durability(),
            sloppy));
  }

  /// Whether every read of this spec meets every write of it in at least one owner. Where fallbacks
  /// count it need not, whatever the numbers.
  public boolean readsMeetWrites() {
    return r + w > n && !sloppy;
  }
}
