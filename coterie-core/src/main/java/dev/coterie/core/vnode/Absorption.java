// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.causality.Sibling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What becomes of a record that arrives at an owner: a pure function of what the owner holds and
/// what it is told.
///
/// @param record the owner's record afterwards
/// @param taken dots of values that were not here before
/// @param shed dots that were dropped because the clock covers them and nothing here shows why:
///   they have been replaced or deleted long ago, and are left out of the context
/// @param restored dots that the clock covers, nothing here shows, and an owner still holds: this
///   disk has lost them (alarm)
/// @param conflicts dots under which two different values stand: corruption (alarm)
/// @param changed whether there is anything to write
public record Absorption(
    KeyRecord record,
    List<Dot> taken,
    DotSet shed,
    List<Dot> restored,
    List<Dot> conflicts,
    boolean changed) {

  /// From whom a record comes decides what absence proves (DESIGN section 2, "Owners among
  /// themselves").
  public sealed interface Source {
    /// A first-hand write, a hint, a fallback's answer: against it the clock decides.
    record Late() implements Source {}

    /// Another owner, with its clock of the same snapshot. Judged on arrival: it is an owner's
    /// statement only if that clock holds everything that the receiver's log has dropped; otherwise
    /// it is late.
    ///
    /// @param asked whether it answers a question that this owner has just asked, in its present
    ///   boot: then the sender holds what it shows still, and what the own log names and the own
    ///   record does not show is lost here, as [dev.coterie.core.coordinator.ReadMerge] judges it
    record Owner(GroupClock clock, boolean asked) implements Source {
      /// A record that was not asked for, and may have been on its way for long.
      public Owner(GroupClock clock) {
        this(clock, false);
      }
    }
  }

  public static final Source LATE = new Source.Late();

  /// @param local what the owner holds, [KeyRecord#EMPTY] for nothing
  /// @param clock the owner's group clock
  /// @param forgotten what its log has dropped, closed actors included
  /// @param everywhere what every owner has durably seen: contexts need not name it
  /// @param arriving what came
  /// @param news whether it brings an event that the clock has not seen, beside its values
  /// @param wallMillis the owner's wall clock: what has expired by it is not taken back
  /// @param refused actors of which nothing new is taken but by an owner's statement: they are
  ///   being closed
  public static Absorption of(
      KeyRecord local,
      GroupClock clock,
      GroupClock forgotten,
      GroupClock everywhere,
      KeyRecord arriving,
      boolean news,
      Source source,
      long wallMillis,
      Predicate<ActorId> refused,
      Plants plants) {
    if (plants.has(Plant.STORE_OVERWRITES)) {
      return new Absorption(arriving, arriving.dots(), DotSet.EMPTY, List.of(), List.of(), true);
    }
    boolean ownerStatement =
        switch (source) {
          case Source.Late() -> plants.has(Plant.LATE_TAKEN_FOR_OWNER);
          case Source.Owner(GroupClock told, boolean _) -> told.hasSeen(forgotten);
        };
    boolean asked =
        source instanceof Source.Owner(GroupClock _, boolean answer)
            && answer
            && !plants.has(Plant.LOGGED_JUDGED_BY_COVER);
    List<Sibling> kept = new ArrayList<>();
    List<Dot> conflicts = new ArrayList<>();
    for (Sibling mine : local.siblings()) {
      Sibling theirs = find(arriving, mine.dot());
      if (theirs == null) {
        if (!arriving.context().contains(mine.dot())) {
          kept.add(mine);
        }
        continue;
      }
      if (theirs.valueHash() != mine.valueHash()
          || theirs.expiryMillis() != mine.expiryMillis()
          || (theirs.stamp() != mine.stamp() && theirs.stamp() > 0 && mine.stamp() > 0)) {
        conflicts.add(mine.dot());
      }
      kept.add(mine);
    }
    List<Dot> taken = new ArrayList<>();
    List<Dot> restored = new ArrayList<>();
    DotSet shed = DotSet.EMPTY;
    for (Sibling theirs : arriving.siblings()) {
      Dot dot = theirs.dot();
      if (local.context().contains(dot)) {
        continue; // here already, or replaced by what is here
      }
      if (clock.contains(dot)) {
        // What has expired went by itself: nobody has lost it, and nobody needs it back.
        // But one that hides another value must be here, unless it may have been reaped.
        boolean hides =
            !everywhere.contains(dot)
                && (LastWrite.hides(theirs, arriving, wallMillis)
                    || LastWrite.hides(theirs, local, wallMillis));
        boolean expired =
            Expiry.isExpired(theirs, wallMillis) && !hides && !plants.has(Plant.EXPIRED_RESTORED);
        boolean lost = ownerStatement || (asked && !forgotten.contains(dot));
        if (!lost || expired || plants.has(Plant.ABSENCE_TAKEN_FOR_DELETE)) {
          shed = shed.with(dot);
          continue;
        }
        restored.add(dot);
      } else if (!ownerStatement && refused.test(dot.actor())) {
        shed = shed.with(dot);
        continue;
      }
      taken.add(dot);
      kept.add(theirs);
    }
    kept.sort((a, b) -> a.dot().compareTo(b.dot()));
    CausalContext context =
        local
            .context()
            .join(
                plants.has(Plant.DROP_BECOMES_EVENT)
                    ? arriving.context()
                    : arriving.context().without(shed));
    boolean nothingNew =
        taken.isEmpty()
            && namesNoMore(context, local.context(), everywhere)
            && kept.size() == local.siblings().size();
    // A record that is not here and whose whole story the clock has seen stays away: it was reaped.
    // A
    // valueless record that brings more must be stored, else its event is lost (model, corollary of
    // M-3).
    boolean reaped =
        local.isEmpty()
            && taken.isEmpty()
            && !news
            && (!arriving.siblings().isEmpty()
                || clock.containsAll(arriving.context().dots())
                || plants.has(Plant.TOMBSTONE_NOT_STORED_WITHOUT_NEWS));
    if (nothingNew || reaped) {
      return new Absorption(local, taken, shed, restored, conflicts, false);
    }
    return new Absorption(new KeyRecord(kept, context), taken, shed, restored, conflicts, true);
  }

  private static boolean namesNoMore(
      CausalContext context, CausalContext local, GroupClock everywhere) {
    return context.equals(local) || everywhere.containsAll(context.dots().minus(local.dots()));
  }

  private static @org.jspecify.annotations.Nullable Sibling find(KeyRecord record, Dot dot) {
    for (Sibling sibling : record.siblings()) {
      if (sibling.dot().equals(dot)) {
        return sibling;
      }
    }
    return null;
  }
}
