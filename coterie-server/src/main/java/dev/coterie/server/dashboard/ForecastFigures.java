// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import java.util.ArrayList;
import java.util.List;

/// Stale reads of one setting of n, r and w as this node's sample of the last five minutes has
/// found them, and as the delays that it has measured make them.
///
/// @param lowPercent and `highPercent`: what is foretold lies between; not a number where too
///   little is known
/// @param gapMillis half of the sampled reads began within so long after their key was written; not
///   a number where that is not known
public record ForecastFigures(
    int n,
    int r,
    int w,
    long samples,
    long stale,
    double lowPercent,
    double highPercent,
    double gapMillis) {
  static List<ForecastFigures> of(Staleness seen, Staleness.Expected expected) {
    List<ForecastFigures> all = new ArrayList<>();
    seen.levels()
        .forEach(
            (level, found) -> {
              Staleness.Range range = expected.levels().get(level);
              all.add(
                  new ForecastFigures(
                      level.n(),
                      level.r(),
                      level.w(),
                      found.samples(),
                      found.stale(),
                      range == null ? Double.NaN : range.low(),
                      range == null ? Double.NaN : range.high(),
                      found.medianGapMillis()));
            });
    return List.copyOf(all);
  }
}
