// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.explain;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.explain.KeyReport.Heard;
import dev.coterie.core.explain.KeyReport.Holder;
import dev.coterie.core.explain.KeyReport.Other;
import dev.coterie.core.explain.KeyReport.Said;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.HintsView;
import java.util.ArrayList;
import java.util.List;

/// What is said of the hints that members hold for the owners of a key: who holds what for whom,
/// for how long, and how that ends.
final class HintSentences {
  private HintSentences() {}

  /// A line for each hint, and for each member that has not told.
  static List<String> lines(KeyReport report) {
    List<String> lines = new ArrayList<>();
    for (Other other : report.others()) {
      switch (other.heard()) {
        case Said.Silent(String why) -> lines.add(other.node() + "  no owner; " + why);
        case Heard.Hints(List<HintsView.Held> held) -> {
          for (HintsView.Held hint : held) {
            lines.add(other.node() + "  no owner; holds a hint for " + what(hint));
          }
        }
      }
    }
    return lines;
  }

  private static String what(HintsView.Held hint) {
    if (!hint.readable()) {
      return hint.owner() + " that cannot be read";
    }
    return hint.owner()
        + ": writes {"
        + hint.dots()
        + "}, "
        + (hint.values() == 0
            ? "a delete"
            : hint.values() == 1 ? "1 value" : hint.values() + " values")
        + ", "
        + hint.bytes()
        + " bytes, "
        + age(hint);
  }

  private static String age(HintsView.Held hint) {
    if (hint.ageNanos() == 0 && hint.older()) {
      return "came before this boot, or too long ago to be known";
    }
    return "held for " + (hint.older() ? "more than " : "") + Arrival.span(hint.ageNanos());
  }

  /// Why these hints are there, and what becomes of them.
  static List<String> sentences(KeyReport report) {
    List<String> sentences = new ArrayList<>();
    boolean all = true;
    boolean none = true;
    for (Other other : report.others()) {
      switch (other.heard()) {
        case Said.Silent(String why) -> {
          all = false;
          sentences.add(
              other.node() + " " + why + ": whether it holds hints for the key is not known.");
        }
        case Heard.Hints(List<HintsView.Held> held) -> {
          for (HintsView.Held hint : held) {
            none = false;
            sentences.add(sentence(report, other.node(), hint));
          }
        }
      }
    }
    if (all && none && !report.others().isEmpty()) {
      sentences.add("No other member holds a hint for the key.");
    }
    return sentences;
  }

  private static String sentence(KeyReport report, NodeId holder, HintsView.Held hint) {
    if (!hint.readable()) {
      return holder
          + " cannot read its hint for "
          + hint.owner()
          + ": "
          + hint.owner()
          + " gets the write from the other owners.";
    }
    for (Holder owner : report.holders()) {
      if (owner.node().equals(hint.owner())) {
        return owner.view().clock().containsAll(hint.dots())
            ? owner.node()
                + " has seen all that "
                + holder
                + "'s hint for it holds: the hint goes when it is given."
            : holder
                + " holds for "
                + owner.node()
                + " what that has not seen, {"
                + hint.dots().minus(owner.view().clock().dots())
                + "}, and gives it as soon as "
                + owner.node()
                + " takes it.";
      }
    }
    return holder
        + " holds {"
        + hint.dots()
        + "} for "
        + hint.owner()
        + ", and gives it when "
        + hint.owner()
        + " is back.";
  }
}
