// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Dates as HTTP writes them: `Sun, 06 Nov 1994 08:49:37 GMT`. Written by hand, because every read
/// of a value writes one and seldom the same; the last one is kept. Not thread-safe.
final class HttpDate {
  /// No date, or none that can be read.
  static final long NONE = Long.MIN_VALUE;

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);
  private static final long LAST_SECOND = 253_402_300_799L;
  private static final String DAYS = "MonTueWedThuFriSatSun";
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

  private long second = NONE;
  private String text = "";

  String format(long millis) {
    long wanted = Math.clamp(millis / 1000, 0, LAST_SECOND);
    if (wanted != second) {
      text = write(wanted);
      second = wanted;
    }
    return text;
  }

  private static String write(long second) {
    LocalDate date = LocalDate.ofEpochDay(second / 86_400);
    int inDay = (int) (second % 86_400);
    int day = 3 * (date.getDayOfWeek().getValue() - 1);
    int month = 3 * (date.getMonthValue() - 1);
    StringBuilder text = new StringBuilder(29);
    text.append(DAYS, day, day + 3).append(", ");
    twoDigits(text, date.getDayOfMonth()).append(' ');
    text.append(MONTHS, month, month + 3).append(' ');
    twoDigits(text, date.getYear() / 100);
    twoDigits(text, date.getYear() % 100).append(' ');
    twoDigits(text, inDay / 3600).append(':');
    twoDigits(text, inDay / 60 % 60).append(':');
    return twoDigits(text, inDay % 60).append(" GMT").toString();
  }

  private static StringBuilder twoDigits(StringBuilder text, int number) {
    return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  /// Seconds since 1970, or [#NONE].
  static long parse(String date) {
    try {
      return Instant.from(FORMAT.parse(date)).getEpochSecond();
    } catch (DateTimeException _) {
      return NONE;
    }
  }
}
