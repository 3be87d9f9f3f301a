// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.core.base.Plant;
import dev.coterie.sim.script.ScriptRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Which transcript finds a planted bug: the first that fails when the bug is in its cluster.
public final class PlantedTranscripts {
  private record Text(String name, String text) {}

  private PlantedTranscripts() {}

  /// For each of `plants` that some transcript in `folder` finds the name of the first that does.
  public static Map<Plant, String> finds(List<Plant> plants, Path folder) throws IOException {
    List<Text> texts = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".txt")).sorted().toList()) {
        String text = Files.readString(file);
        if (!text.contains(" bug=")) {
          texts.add(new Text(file.getFileName().toString().replace(".txt", ""), text));
        }
      }
    }
    Map<Plant, String> found = new EnumMap<>(Plant.class);
    for (Plant plant : plants) {
      for (Text each : texts) {
        String planted =
            each.text().replaceFirst("(?m)^cluster .*$", "$0 bug=" + SeedPlan.nameOf(plant));
        if (!ScriptRun.of(planted).passed()) {
          found.put(plant, each.name());
          break;
        }
      }
    }
    return found;
  }
}
