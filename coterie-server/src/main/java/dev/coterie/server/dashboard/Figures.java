// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Numbers as the dashboard's JSON and its sentences have them.
final class Figures {
  private Figures() {}

  /// With as many digits as mean something; null where it is not a number.
  static @Nullable Double round(double value) {
    if (!Double.isFinite(value)) {
      return null;
    }
    double scale = Math.abs(value) >= 100 ? 10 : 1000;
    return Math.round(value * scale) / scale;
  }

  /// `part` of `all` in percent; null where there is nothing.
  static @Nullable Double percent(long part, long all) {
    return all == 0 ? null : round(100.0 * part / all);
  }

  /// `12 310`, with a space at which no line breaks.
  static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count).replace(',', '\u00a0');
  }

  static String counted(long count, String one, String many) {
    return grouped(count) + " " + (count == 1 ? one : many);
  }

  /// `4 min`: the largest unit that fits.
  static String span(long millis) {
    long seconds = millis / 1000;
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
  }

  /// `n1, n2 and 7 more`.
  static String names(List<String> names) {
    int shown = names.size() > 4 ? 3 : names.size();
    String first =
        shown < names.size() || shown < 2
            ? String.join(", ", names.subList(0, shown))
            : String.join(", ", names.subList(0, shown - 1)) + " and " + names.get(shown - 1);
    return shown == names.size() ? first : first + " and " + (names.size() - shown) + " more";
  }
}
