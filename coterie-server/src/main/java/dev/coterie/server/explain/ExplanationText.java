// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.explain;

import dev.coterie.core.quorum.QuorumSpec;
import java.util.Locale;

/// A [QuorumExplanation] as text for a terminal.
public final class ExplanationText {
  private static final int WIDTH = 98;

  private ExplanationText() {}

  public static String of(QuorumExplanation explanation) {
    return switch (explanation) {
      case QuorumExplanation.Refused(String sentence) ->
          wrapped("", "Every such request is refused: " + sentence + ".");
      case QuorumExplanation.Explained explained -> text(explained);
    };
  }

  private static String text(QuorumExplanation.Explained explained) {
    QuorumSpec spec = explained.spec();
    StringBuilder out = new StringBuilder();
    out.append("n=").append(spec.n()).append(" r=").append(spec.r()).append(" w=").append(spec.w());
    out.append(" pr=").append(spec.pr()).append(" pw=").append(spec.pw());
    out.append(" dw=").append(spec.dw());
    out.append(" node_confirms=").append(spec.nodeConfirms());
    out.append(" quorum=").append(spec.sloppy() ? "sloppy" : "strict");
    out.append(" durability=").append(spec.durability().name().toLowerCase(Locale.ROOT));
    out.append("\n\nGuaranteed\n");
    explained.guaranteed().forEach(sentence -> out.append(wrapped("- ", sentence)));
    out.append("\nNot guaranteed\n");
    explained.notGuaranteed().forEach(sentence -> out.append(wrapped("- ", sentence)));
    out.append("\nWith some of a key's machines lost\n");
    out.append(
        "lost  reads    writes   reads see acked writes  acked writes outlive   … and a power cut\n"
            + "                                             these disks            of the"
            + " others\n");
    for (QuorumExplanation.Loss loss : explained.losses()) {
      out.append(
          String.format(
              Locale.ROOT,
              "%4d  %-7s  %-7s  %-22s  %-21s  %s%n",
              loss.machines(),
              loss.reads() ? "served" : "refused",
              loss.writes() ? "served" : "refused",
              loss.reads() ? (loss.fresh() ? "always" : "perhaps not") : "-",
              loss.survives() ? "yes" : "not surely",
              loss.survivesPowerCut() ? "yes" : "not surely"));
    }
    return out.toString();
  }

  private static String wrapped(String bullet, String sentence) {
    StringBuilder out = new StringBuilder(bullet);
    int column = bullet.length();
    boolean first = true;
    for (String word : sentence.split(" ", -1)) {
      if (!first && column + 1 + word.length() > WIDTH) {
        out.append('\n').append(" ".repeat(bullet.length()));
        column = bullet.length();
        first = true;
      }
      if (!first) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
      first = false;
    }
    return out.append('\n').toString();
  }
}
