// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What a client has read and written so far, and that it wants to see no less: per group the
/// highest dot of each actor, kept as all dots up to it. A client carries it from request to
/// request, to any node; a node keeps nothing of it.
///
/// @param wanted whether the client asks for session guarantees at all
/// @param forgot whether groups have been dropped because there were too many; for those the
///   session promises nothing
/// @param groups those used last come first
public record Session(boolean wanted, boolean forgot, List<Seen> groups) {
  /// @param floor per actor one range that begins at 1
  public record Seen(GroupId group, DotSet floor) {}

  /// No session.
  public static final Session NONE = new Session(false, false, List.of());

  /// A session that has seen nothing.
  public static final Session NEW = new Session(true, false, List.of());

  public Session {
    groups = Collections.unmodifiableList(groups);
  }

  /// What must have been seen of `group` by whoever answers.
  public DotSet floor(GroupId group) {
    for (Seen seen : groups) {
      if (seen.group().equals(group)) {
        return seen.floor();
      }
    }
    return DotSet.EMPTY;
  }

  /// This session as far as it concerns `group`.
  public Session only(GroupId group) {
    DotSet floor = floor(group);
    return !wanted
        ? NONE
        : new Session(true, forgot, floor.isEmpty() ? List.of() : List.of(new Seen(group, floor)));
  }

  /// This session after `more` of `group` has been read or written; the group is now the one used
  /// last.
  public Session seen(GroupId group, DotSet more) {
    List<Seen> after = new ArrayList<>(groups.size() + 1);
    DotSet floor = floor(group).union(upTo(more));
    if (!floor.isEmpty()) {
      after.add(new Seen(group, floor));
    }
    for (Seen seen : groups) {
      if (!seen.group().equals(group)) {
        after.add(seen);
      }
    }
    return new Session(wanted, forgot, after);
  }

  /// This session and what an answer has added.
  public Session join(Session answer) {
    Session joined = this;
    for (Seen seen : answer.groups()) {
      joined = joined.seen(seen.group(), seen.floor());
    }
    return joined;
  }

  /// Everything of each actor up to its highest dot in `dots`.
  public static DotSet upTo(DotSet dots) {
    DotSet all = DotSet.EMPTY;
    for (int i = 0; i < dots.actorCount(); i++) {
      long[] bounds = dots.bounds(i);
      all = all.withRange(dots.actor(i), 1, bounds[bounds.length - 1]);
    }
    return all;
  }

  /// The highest dot of each actor in `dots`, alone.
  public static DotSet tops(DotSet dots) {
    DotSet tops = DotSet.EMPTY;
    for (int i = 0; i < dots.actorCount(); i++) {
      long[] bounds = dots.bounds(i);
      long top = bounds[bounds.length - 1];
      tops = tops.withRange(dots.actor(i), top, top);
    }
    return tops;
  }

  /// The session of an answer that showed or wrote what `context` stands for.
  public Session after(GroupId group, CausalContext context) {
    return wanted ? only(group).seen(group, context.dots()) : NONE;
  }
}
