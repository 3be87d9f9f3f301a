// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.latency;

import java.util.ArrayList;
import java.util.List;

/// The four one-way delays between a coordinator and a replica, in the letters of the WARS model
/// (PBS, Bailis et al., 2012).
///
/// @param write W: the write on its way to the replica
/// @param ack A: its acknowledgement on the way back
/// @param read R: the read request
/// @param reply S: its answer
/// @param farMillis what is added to every message between two places; 0 where all nodes stand in
///   one place
public record Latency(
    LatencyModel write, LatencyModel ack, LatencyModel read, LatencyModel reply, double farMillis) {
  /// The letters.
  public enum Leg {
    WRITE,
    ACK,
    READ,
    REPLY
  }

  /// The same model for all four.
  public static Latency of(LatencyModel model) {
    return new Latency(model, model, model, model, 0);
  }

  public LatencyModel leg(Leg leg) {
    return switch (leg) {
      case WRITE -> write;
      case ACK -> ack;
      case READ -> read;
      case REPLY -> reply;
    };
  }

  /// What `text` stands for: the name of a preset, a model for all four (`exp(1.5)`), or two
  /// models, the first for writes and the second for the other three (`exp(10)/exp(1)`).
  ///
  /// @throws IllegalArgumentException with a sentence that says what is known
  public static Latency parse(String text) {
    for (LatencyPreset preset : LatencyPreset.values()) {
      if (preset.id().equals(text)) {
        return preset.latency();
      }
    }
    int slash = text.indexOf('/');
    if (slash < 0) {
      return of(model(text));
    }
    LatencyModel other = model(text.substring(slash + 1));
    return new Latency(model(text.substring(0, slash)), other, other, other, 0);
  }

  private static LatencyModel model(String text) {
    int open = text.indexOf('(');
    if (open < 0 || !text.endsWith(")")) {
      throw unknown(text);
    }
    List<Double> numbers = new ArrayList<>();
    for (String part : text.substring(open + 1, text.length() - 1).split(",", -1)) {
      try {
        numbers.add(Double.parseDouble(part.strip()));
      } catch (NumberFormatException _) {
        throw new IllegalArgumentException("'" + part + "' in " + text + " is not a number");
      }
    }
    String name = text.substring(0, open);
    int wanted =
        switch (name) {
          case "const", "exp" -> 1;
          case "lognormal" -> 2;
          case "mix" -> 4;
          case "quantiles" -> numbers.size();
          default -> throw unknown(text);
        };
    if (numbers.size() != wanted) {
      throw new IllegalArgumentException(
          name + "(...) takes " + wanted + " numbers, " + text + " has " + numbers.size());
    }
    return switch (name) {
      case "const" -> new LatencyModel.Constant(numbers.getFirst());
      case "exp" -> new LatencyModel.Exponential(numbers.getFirst());
      case "lognormal" -> new LatencyModel.LogNormal(numbers.getFirst(), numbers.get(1));
      case "mix" ->
          new LatencyModel.Mixture(
              numbers.getFirst(), numbers.get(1), numbers.get(2), numbers.get(3));
      default -> new LatencyModel.Empirical(numbers);
    };
  }

  private static IllegalArgumentException unknown(String text) {
    List<String> ids = new ArrayList<>();
    for (LatencyPreset preset : LatencyPreset.values()) {
      ids.add(preset.id());
    }
    return new IllegalArgumentException(
        "no latency model '"
            + text
            + "'; there are "
            + String.join(", ", ids)
            + ", const(ms), exp(mean ms), lognormal(median ms,sigma), mix(share,scale,alpha,lambda),"
            + " quantiles(ms,ms,...), and MODEL/MODEL for writes and the rest");
  }

  /// As a scenario says it, the shortest that [#parse] reads back.
  public String text() {
    for (LatencyPreset preset : LatencyPreset.values()) {
      if (preset.latency().equals(this)) {
        return preset.id();
      }
    }
    return write.equals(ack) ? write.text() : write.text() + "/" + ack.text();
  }
}
