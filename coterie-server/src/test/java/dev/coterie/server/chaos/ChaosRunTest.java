// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole runs with real processes on loopback, in which a promise is broken behind the checker's
/// back.
class ChaosRunTest {
  @Test
  void aRunInWhichEveryDiskIsLostNamesTheKeys(@TempDir Path folder) throws Exception {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    ChaosPlan plan =
        new ChaosPlan(1, 1, 3, false, "a test", ChaosPlan.Plant.LOSE_DISKS, folder.toRealPath());
    Outcomes outcomes = new ChaosRun(plan, lines::add).run();
    assertThat(outcomes.isKept()).isFalse();
    assertThat(outcomes.count(Violation.Kind.LOST)).isPositive();
    assertThat(outcomes.violations())
        .filteredOn(each -> each.kind() == Violation.Kind.LOST)
        .allMatch(each -> each.key().startsWith("r1-") && each.sentence().contains("put w"));
    assertThat(outcomes.violations()).noneMatch(each -> each.kind() == Violation.Kind.PHANTOM);
    assertThat(lines)
        .anyMatch(line -> line.contains("planted"))
        .anyMatch(line -> line.contains("LOST"));
    assertThat(outcomes.missing()).containsKeys(FaultKind.CUT, FaultKind.POWER);
    assertThat(folder.resolve("operations.tsv")).isNotEmptyFile();
  }

  @Test
  void aRunInWhichADeletedValueComesBackNamesItAndTheDelete(@TempDir Path folder) throws Exception {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    ChaosPlan plan =
        new ChaosPlan(21, 1, 3, false, "a test", ChaosPlan.Plant.REVIVE, folder.toRealPath());
    Outcomes outcomes = new ChaosRun(plan, lines::add).run();
    assertThat(outcomes.isKept()).isFalse();
    assertThat(outcomes.violations())
        .isNotEmpty()
        .allMatch(each -> each.kind() == Violation.Kind.RESURRECTED)
        .allMatch(each -> each.sentence().matches("w[0-9]+ is there although delete w[0-9]+ .*"));
    assertThat(lines).anyMatch(line -> line.contains("planted") && line.contains("is back"));
  }
}
