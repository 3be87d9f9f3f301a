// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Invariant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What one replica knows of one key: a dotted version vector set (Preguiça et al., 2012). The
/// siblings that nobody has overwritten, in order of their dots, and the key's whole causal
/// context. Every sibling's dot is in the context (INV-record-context). A record without siblings
/// and with a context is a tombstone. Immutable; records at rest and on the wire are whole.
public record KeyRecord(List<Sibling> siblings, CausalContext context) {
  public static final KeyRecord EMPTY = new KeyRecord(List.of(), CausalContext.EMPTY);

  public KeyRecord {
    siblings = Collections.unmodifiableList(siblings);
    for (int i = 0; i < siblings.size(); i++) {
      Dot dot = siblings.get(i).dot();
      Invariant.check(context.contains(dot), "sibling %s is not in its context %s", dot, context);
      Invariant.check(
          i == 0 || siblings.get(i - 1).dot().compareTo(dot) < 0,
          "siblings out of order at %s",
          dot);
    }
  }

  public boolean isEmpty() {
    return siblings.isEmpty() && context.isEmpty();
  }

  public boolean isTombstone() {
    return siblings.isEmpty() && !context.isEmpty();
  }

  public boolean holds(Dot dot) {
    for (Sibling sibling : siblings) {
      if (sibling.dot().equals(dot)) {
        return true;
      }
    }
    return false;
  }

  /// The join of two records without regard to clocks: a value survives unless the other side has
  /// its dot in the context and not among its values. Commutes, associates, and repeats without
  /// effect.
  public KeyRecord join(KeyRecord other) {
    if (this == other || other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    List<Sibling> kept = new ArrayList<>(siblings.size() + other.siblings.size());
    int i = 0;
    int j = 0;
    while (i < siblings.size() || j < other.siblings.size()) {
      int order;
      if (i == siblings.size()) {
        order = 1;
      } else if (j == other.siblings.size()) {
        order = -1;
      } else {
        order = siblings.get(i).dot().compareTo(other.siblings.get(j).dot());
      }
      if (order == 0) {
        kept.add(siblings.get(i++));
        j++;
      } else if (order < 0) {
        Sibling mine = siblings.get(i++);
        if (!other.context.contains(mine.dot())) {
          kept.add(mine);
        }
      } else {
        Sibling theirs = other.siblings.get(j++);
        if (!context.contains(theirs.dot())) {
          kept.add(theirs);
        }
      }
    }
    return new KeyRecord(kept, context.join(other.context));
  }

  /// The record after a write whose writer had seen `seen`: values inside it are replaced, the
  /// others stay.
  ///
  /// @param minted the context after minting: it holds the new dot, this record's context and
  ///   `seen`
  /// @param value the new sibling, null for a delete
  public KeyRecord written(CausalContext seen, CausalContext minted, @Nullable Sibling value) {
    List<Sibling> kept = new ArrayList<>(siblings.size() + 1);
    for (Sibling sibling : siblings) {
      if (!seen.contains(sibling.dot())) {
        kept.add(sibling);
      }
    }
    if (value != null) {
      kept.add(value);
      kept.sort((a, b) -> a.dot().compareTo(b.dot()));
    }
    return new KeyRecord(kept, minted);
  }

  /// The dots of the siblings, in order.
  public List<Dot> dots() {
    List<Dot> dots = new ArrayList<>(siblings.size());
    for (Sibling sibling : siblings) {
      dots.add(sibling.dot());
    }
    return dots;
  }

  /// This record with a context of its values alone, where every owner has seen all of the context:
  /// what was replaced nobody holds any more, and clocks refuse it. A tombstone stays whole; it
  /// goes as a whole.
  ///
  /// @param everywhere what every owner has durably seen
  public KeyRecord folded(GroupClock everywhere) {
    if (siblings.isEmpty()
        || context.dots().rangeCount() <= siblings.size()
        || !everywhere.containsAll(context.dots())) {
      return this;
    }
    return new KeyRecord(siblings, CausalContext.of(dots().toArray(new Dot[0])));
  }

  /// This record with the values that `wanted` accepts alone. The dots of the others leave the
  /// context too: named without their values they would pass for replaced.
  public KeyRecord only(Predicate<Sibling> wanted) {
    List<Sibling> kept = new ArrayList<>(siblings.size());
    DotSet left = DotSet.EMPTY;
    for (Sibling sibling : siblings) {
      if (wanted.test(sibling)) {
        kept.add(sibling);
      } else {
        left = left.with(sibling.dot());
      }
    }
    return left.isEmpty() ? this : new KeyRecord(kept, context.without(left));
  }

  /// Sum of the sizes of the values, in bytes.
  public long valueBytes() {
    long sum = 0;
    for (Sibling sibling : siblings) {
      sum += sibling.value().length();
    }
    return sum;
  }

  /// This record without the bytes of its values: dots, value hashes and context stand. Never to be
  /// stored.
  public KeyRecord digest() {
    List<Sibling> bare = new ArrayList<>(siblings.size());
    for (Sibling sibling : siblings) {
      bare.add(
          new Sibling(
              sibling.dot(),
              Bytes.EMPTY,
              sibling.valueHash(),
              sibling.expiryMillis(),
              sibling.operation(),
              sibling.stamp()));
    }
    return new KeyRecord(bare, context);
  }

  /// `v1(a/1,3) | v2(b/1,1) {a/1:3 b/1:1}`; a tombstone as `deleted {...}`.
  public String describe() {
    if (isEmpty()) {
      return "nothing";
    }
    if (siblings.isEmpty()) {
      return "deleted " + context;
    }
    StringBuilder text = new StringBuilder();
    for (Sibling sibling : siblings) {
      text.append(text.isEmpty() ? "" : " | ").append(sibling.value()).append(sibling.dot());
    }
    return text.append(' ').append(context).toString();
  }

  @Override
  public String toString() {
    return describe();
  }
}
