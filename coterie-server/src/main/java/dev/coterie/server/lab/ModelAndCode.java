// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.pbs.Measured;
import dev.coterie.sim.pbs.Quorum;
import dev.coterie.sim.pbs.Wars;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the WARS model says of a setting, and what the product's code does under the model's
/// conditions: the same for the page and for `./coterie lab pbs`.
public record ModelAndCode(Latency latency, Wars model, Measured code) {
  /// Where the curve is measured, where nobody says otherwise.
  public static final int PLACES = 12;

  /// The model to hold the code of `seed` against. It has draws of its own: with those of the code
  /// it would say the same by construction.
  public static Wars model(Latency latency, Quorum quorum, int trials, long seed) {
    return Wars.run(latency, quorum, trials, ~seed);
  }

  /// How far the two curves are apart, from 0 to 1.
  public double rmse() {
    return code.rmse(model);
  }

  /// As JSON.
  public Map<String, @Nullable Object> line() {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("latency", latency.text());
    line.put("r", (long) model.quorum().r());
    line.put("w", (long) model.quorum().w());
    line.put("strict", model.quorum().isStrict());
    line.put("rmse", rmse());
    line.put("rmseOfDraws", code.rmseOfDraws(model));
    line.put("reads", code.reads());
    line.put("differing", code.differing());
    line.put("messages", code.messages());
    List<@Nullable Object> t = new ArrayList<>();
    List<@Nullable Object> measured = new ArrayList<>();
    List<@Nullable Object> wars = new ArrayList<>();
    for (int i = 0; i < code.waits().size(); i++) {
      double millis = code.waits().get(i) / 1e6;
      t.add(millis);
      measured.add(code.fresh(i));
      wars.add(model.freshAt(millis));
    }
    line.put("t", t);
    line.put("measured", measured);
    line.put("wars", wars);
    line.put("readMs", WarsJson.percentiles(code::readMillis));
    line.put("writeMs", WarsJson.percentiles(code::writeMillis));
    line.put("warsReadMs", WarsJson.percentiles(model::readMillis));
    line.put("warsWriteMs", WarsJson.percentiles(model::writeMillis));
    return line;
  }
}
