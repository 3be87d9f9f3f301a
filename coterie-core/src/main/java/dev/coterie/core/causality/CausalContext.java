// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

/// What a reader of one key has seen: for each actor ranges of counters. A range claims every dot
/// of that actor *for this key* inside it; the counters in between may belong to other keys of the
/// group. Only an owner that mints makes a range longer than one ([#minted]); a dot minted anywhere
/// else is a range of its own, because its minter's record need not hold that actor's earlier dots.
public record CausalContext(DotSet dots) {
  public static final CausalContext EMPTY = new CausalContext(DotSet.EMPTY);

  public static CausalContext of(Dot... dots) {
    return new CausalContext(DotSet.of(dots));
  }

  public boolean contains(Dot dot) {
    return dots.contains(dot);
  }

  public boolean containsAll(CausalContext other) {
    return dots.containsAll(other.dots);
  }

  public boolean isEmpty() {
    return dots.isEmpty();
  }

  public CausalContext join(CausalContext other) {
    DotSet union = dots.union(other.dots);
    return union == dots ? this : new CausalContext(union);
  }

  /// This context after an owner minted `dot` for a record that holds every earlier dot of that
  /// actor for the key: the range that the record ends in grows up to the dot.
  public CausalContext minted(Dot dot) {
    return new CausalContext(dots.extendedTo(dot));
  }

  /// This context and the dot, as a range of its own.
  public CausalContext with(Dot dot) {
    DotSet more = dots.with(dot);
    return more == dots ? this : new CausalContext(more);
  }

  /// This context less `shed`: dots that were dropped because a clock covers them are no event here
  /// (model, M-8).
  public CausalContext without(DotSet shed) {
    return shed.isEmpty() ? this : new CausalContext(dots.minus(shed));
  }

  @Override
  public String toString() {
    return "{" + (dots.isEmpty() ? "" : dots.toString()) + "}";
  }
}
