// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.sim.latency.LatencyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Latency models that stand in files: `csv(FILE)` in a model's text becomes `quantiles(...)`,
/// which a link can hold. A line of the file has one delay in ms, or several columns, of which
/// `csv(FILE,2)` takes the second; a first line without a number is a title.
final class MeasuredDelays {
  private static final Pattern CSV = Pattern.compile("csv\\(([^(),]+)(?:,([0-9]{1,3}))?\\)");

  private MeasuredDelays() {}

  static String resolved(String model) throws IOException {
    Matcher file = CSV.matcher(model);
    StringBuilder text = new StringBuilder();
    int last = 0;
    while (file.find()) {
      int column = file.group(2) == null ? 1 : Integer.parseInt(file.group(2));
      text.append(model, last, file.start());
      text.append(quantiles(read(Path.of(file.group(1).strip()), column)));
      last = file.end();
    }
    return text.append(model.substring(last)).toString();
  }

  /// The quantiles of measured delays, to a tenth of a microsecond.
  static String quantiles(List<Double> delays) {
    List<Double> rounded = new ArrayList<>();
    for (double each : LatencyModel.Empirical.of(delays).quantiles()) {
      rounded.add(Math.rint(each * 1e4) / 1e4);
    }
    return new LatencyModel.Empirical(rounded).text();
  }

  private static List<Double> read(Path file, int column) throws IOException {
    if (!Files.isReadable(file)) {
      throw CliFailure.usage("--latency: " + file + " cannot be read");
    }
    List<Double> delays = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String[] cells = line.split("[,;\t]", -1);
      if (line.isBlank()) {
        continue;
      }
      try {
        double delay = Double.parseDouble(cells[column - 1].strip());
        if (!(delay >= 0 && delay <= 1e9)) {
          throw CliFailure.usage(file + ", line " + number + ": " + delay + " is no delay in ms");
        }
        delays.add(delay);
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
        if (number > 1) {
          throw CliFailure.usage(
              file + ", line " + number + ": column " + column + " has no number of ms");
        }
      }
    }
    if (delays.isEmpty()) {
      throw CliFailure.usage(file + " has no delays");
    }
    return delays;
  }
}
