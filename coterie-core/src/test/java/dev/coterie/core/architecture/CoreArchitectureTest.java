// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.coterie.core.architecture.Determinism.Judgement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What the core may use: packages below, java.base, JSpecify, and nothing that would make two runs
/// of one seed differ.
class CoreArchitectureTest {
  private static final Packages ORDER =
      new Packages(
          "dev.coterie.core",
          List.of(
              "base",
              "causality",
              "datatype",
              "ring",
              "quorum",
              "message",
              "membership",
              "antientropy",
              "vnode",
              "register",
              "coordinator",
              "explain",
              "handoff",
              "node"));

  private static final Path CLASSES = Path.of("target/classes");
  private static final JavaClasses CORE = new ClassFileImporter().importPath(CLASSES);

  @Test
  void packagesUseOnlyThoseBelowThem() {
    assertThat(ORDER.violations(CORE)).isEmpty();
  }

  @Test
  void theCoreStandsOnTheJdkAlone() {
    Set<String> base = ModuleLayer.boot().findModule("java.base").orElseThrow().getPackages();
    List<String> foreign = new ArrayList<>();
    CORE.stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .forEach(
            dependency -> {
              String used = dependency.getTargetClass().getBaseComponentType().getPackageName();
              boolean allowed =
                  used.isEmpty()
                      || base.contains(used)
                      || used.equals("org.jspecify.annotations")
                      || used.startsWith("dev.coterie.core.");
              if (!allowed) {
                foreign.add(dependency.getDescription());
              }
            });
    assertThat(foreign)
        .as("the core may use java.base and JSpecify; everything else is behind an effect")
        .isEmpty();
  }

  @Test
  void aRunIsAFunctionOfItsSeed() {
    Judgement judgement = Determinism.rules().judge(CLASSES, Path.of("src/main/java"));
    System.out.println("architecture: coterie-core has " + judgement.permits() + " permits");
    assertThat(judgement.violations()).isEmpty();
  }

  @Test
  void anArrowUpwardsIsCaught() {
    JavaClasses causality =
        new ClassFileImporter().importPath(CLASSES.resolve("dev/coterie/core/causality"));
    Packages upsideDown = new Packages("dev.coterie.core", List.of("causality", "base"));
    assertThat(upsideDown.violations(causality))
        .isNotEmpty()
        .allMatch(line -> line.endsWith("causality stands below base and may not know it"));
    assertThat(new Packages("dev.coterie.core", List.of("base")).violations(causality))
        .singleElement()
        .asString()
        .startsWith("dev.coterie.core.causality has no place");
  }
}
