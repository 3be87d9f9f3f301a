// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import dev.coterie.sim.lab.Summary;
import java.util.List;

/// What a metric must be: `stale_read_pct<=0.1`. A metric without a value holds none.
public record Target(String metric, Sign sign, double number) {
  /// How a value stands to the number.
  public enum Sign {
    AT_MOST("<="),
    AT_LEAST(">="),
    EXACTLY("="),
    BELOW("<"),
    ABOVE(">");

    private final String text;

    Sign(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  private static final List<String> SHORT =
      List.of(
          "read_p50",
          "read_p95",
          "read_p99",
          "read_p999",
          "write_p50",
          "write_p95",
          "write_p99",
          "write_p999");

  /// `METRIC<NUMBER` with `<`, `<=`, `>`, `>=`, `=` or `==`. `read_p99` stands for
  /// `quorum_read_latency_ms_p99`, and so on.
  ///
  /// @throws IllegalArgumentException with a sentence that says what is known
  public static Target parse(String text) {
    int at = 0;
    while (at < text.length() && "<>=".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    int end = at;
    while (end < text.length() && "<>=".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    String said = text.substring(at, end);
    for (Sign sign : Sign.values()) {
      if (at > 0 && (sign.text().equals(said) || (sign == Sign.EXACTLY && said.equals("==")))) {
        try {
          double number = Double.parseDouble(text.substring(end).strip());
          return new Target(metric(text.substring(0, at).strip()), sign, number);
        } catch (NumberFormatException _) {
          break;
        }
      }
    }
    throw new IllegalArgumentException("'" + text + "' is not like stale_read_pct<0.1");
  }

  private static String metric(String name) {
    String metric = SHORT.contains(name) ? "quorum_" + name.replace("_p", "_latency_ms_p") : name;
    List<String> known = Summary.metricNames();
    if (!known.contains(metric)) {
      throw new IllegalArgumentException(
          "there is no metric '" + name + "'; there are " + String.join(", ", known));
    }
    return metric;
  }

  public boolean holds(double value) {
    return switch (sign) {
      case BELOW -> value < number;
      case AT_MOST -> value <= number;
      case ABOVE -> value > number;
      case AT_LEAST -> value >= number;
      case EXACTLY -> value == number;
    };
  }

  /// As [#parse] reads it.
  public String text() {
    return metric + sign.text() + number;
  }
}
