// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.core.quorum.BucketProperties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The life of a value as it is given on the command line: `30s`, `15m`, `12h`, `7d` or `none`.
final class TimeSpan {
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})([smhd])");

  private TimeSpan() {}

  /// In seconds; 0 for `none`.
  static long secondsOrNone(String option, String time) {
    if (time.equals("none")) {
      return 0;
    }
    Matcher parts = TIME.matcher(time);
    if (!parts.matches()) {
      throw CliFailure.usage(
          option + " '" + time + "' is not a time such as 30s, 15m, 12h or 7d, nor none");
    }
    long unit =
        switch (parts.group(2)) {
          case "m" -> 60;
          case "h" -> 3600;
          case "d" -> 86_400;
          default -> 1;
        };
    long seconds = Long.parseLong(parts.group(1)) * unit;
    if (seconds < 1 || seconds > BucketProperties.TTL_SECONDS_MAX) {
      throw CliFailure.usage(option + " is " + time + " but must be from 1s to 3650d, or none");
    }
    return seconds;
  }
}
