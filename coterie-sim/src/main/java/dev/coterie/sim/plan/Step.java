// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// One line of the language: `[at 1.250s] verb word ... name=value ...`.
///
/// @param atMillis when, from the start of the run; -1 for "now", in scripts
/// @param words what stands without `=`, in order
/// @param options what stands as `name=value`
public record Step(
    long atMillis, String verb, List<String> words, SortedMap<String, String> options) {
  public Step {
    words = Collections.unmodifiableList(new ArrayList<>(words));
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }

  /// The line is not of this form; the message says what is wrong.
  public static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    public SyntaxException(String message) {
      super(message);
    }
  }

  public static Step now(String verb, String... words) {
    return new Step(-1, verb, List.of(words), new TreeMap<>());
  }

  public static Step at(long millis, String verb, String... words) {
    return new Step(millis, verb, List.of(words), new TreeMap<>());
  }

  public Step with(String name, String value) {
    TreeMap<String, String> more = new TreeMap<>(options);
    more.put(name, value);
    return new Step(atMillis, verb, words, more);
  }

  public String option(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }

  public long number(String name, long otherwise) throws SyntaxException {
    String text = options.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new SyntaxException(name + "=" + text + " is not a number");
    }
  }

  public String word(int index) throws SyntaxException {
    if (index >= words.size()) {
      throw new SyntaxException("'" + verb + "' needs more words; see docs/simulation.md");
    }
    return words.get(index);
  }

  public static Step parse(String line) throws SyntaxException {
    String[] parts = line.strip().split("\\s+", -1);
    int next = 0;
    long at = -1;
    if (parts.length >= 2 && parts[0].equals("at")) {
      at = millis(parts[1]);
      next = 2;
    }
    if (next >= parts.length || parts[next].isEmpty()) {
      throw new SyntaxException("no verb in '" + line + "'");
    }
    String verb = parts[next++];
    List<String> words = new ArrayList<>();
    TreeMap<String, String> options = new TreeMap<>();
    for (; next < parts.length; next++) {
      int equals = parts[next].indexOf('=');
      if (equals > 0) {
        options.put(parts[next].substring(0, equals), parts[next].substring(equals + 1));
      } else {
        words.add(parts[next]);
      }
    }
    return new Step(at, verb, words, options);
  }

  /// `250ms`, `1.5s`, `2m`.
  public static long millis(String text) throws SyntaxException {
    try {
      if (text.startsWith("-")) {
        throw new SyntaxException("'" + text + "' is negative: time only goes on");
      }
      if (text.endsWith("ms")) {
        return Long.parseLong(text.substring(0, text.length() - 2));
      }
      if (text.endsWith("s")) {
        return StrictMath.round(Double.parseDouble(text.substring(0, text.length() - 1)) * 1000);
      }
      if (text.endsWith("m")) {
        return StrictMath.round(Double.parseDouble(text.substring(0, text.length() - 1)) * 60_000);
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new SyntaxException("'" + text + "' is not a time such as 250ms, 1.5s or 2m");
  }

  /// The option as a span that may be negative: `+5s`, `-250ms`; 0 where it is not there.
  public long span(String name) throws SyntaxException {
    String text = option(name, "0s");
    boolean back = text.startsWith("-");
    long millis = millis(back || text.startsWith("+") ? text.substring(1) : text);
    return back ? -millis : millis;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (atMillis >= 0) {
      text.append(String.format(Locale.ROOT, "at %.3fs ", atMillis / 1000.0));
    }
    text.append(verb);
    for (String word : words) {
      text.append(' ').append(word);
    }
    options.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
    return text.toString();
  }
}
