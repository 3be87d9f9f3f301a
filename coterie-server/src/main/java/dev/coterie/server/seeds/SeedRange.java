// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Seeds from `first` to `last`, both included; written `1..300`, or `7` for one.
public record SeedRange(long first, long last) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})(?:\\.\\.(\\d{1,18}))?");

  public SeedRange {
    if (first > last || last - first >= 10_000_000) {
      throw new IllegalArgumentException(
          "'" + first + ".." + last + "' is empty or holds over ten million seeds");
    }
  }

  public static SeedRange parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no range of seeds such as 1..300, nor one seed");
    }
    long first = Long.parseLong(form.group(1));
    String last = form.group(2);
    return new SeedRange(first, last == null ? first : Long.parseLong(last));
  }

  public int count() {
    return (int) (last - first + 1);
  }

  @Override
  public String toString() {
    return first == last ? Long.toString(first) : first + ".." + last;
  }
}
