// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The arrows of the house: which module may use which, and where each library stays.
class ModuleArrowsTest {
  /// Main classes only: no folder `test-classes`, no test jar, nothing that a test helper brings.
  private static final ImportOption MAIN =
      location -> !location.contains("/test-classes/") && !location.contains("-tests.jar");

  private static final JavaClasses HOUSE =
      new ClassFileImporter().withImportOption(MAIN).importPackages("dev.coterie");

  private static final List<Module> MODULES =
      List.of(
          new Module("core", List.of(), List.of()),
          new Module("codec", List.of("core"), List.of("com.google.protobuf")),
          new Module("host", List.of("core", "codec"), List.of()),
          new Module("sim", List.of("core", "codec", "host"), List.of()),
          new Module(
              "rocksdb", List.of("core", "codec", "host"), List.of("org.rocksdb", "org.slf4j")),
          new Module("netty", List.of("core", "codec", "host"), List.of("io.netty", "org.slf4j")),
          new Module(
              "bench",
              List.of(),
              List.of("io.netty", "org.HdrHistogram", "picocli", "tools.jackson")),
          new Module(
              "server",
              List.of("core", "codec", "host", "sim", "rocksdb", "netty", "bench"),
              List.of(
                  "ch.qos.logback",
                  "io.netty",
                  "io.prometheus",
                  "org.HdrHistogram",
                  "org.slf4j",
                  "picocli",
                  "tools.jackson")));

  private static List<String> violations(JavaClasses classes, List<Module> modules) {
    TreeSet<String> violations = new TreeSet<>();
    for (JavaClass type : classes) {
      Optional<Module> home = modules.stream().filter(module -> module.contains(type)).findFirst();
      if (home.isEmpty()) {
        violations.add(type.getName() + " belongs to no module: name its package after one");
        continue;
      }
      type.getDirectDependenciesFromSelf().stream()
          .flatMap(dependency -> home.get().objection(dependency).stream())
          .forEach(violations::add);
    }
    return List.copyOf(violations);
  }

  @Test
  void arrowsPointOneWay() {
    assertThat(violations(HOUSE, MODULES)).isEmpty();
  }

  @Test
  void anArrowThatIsMissingIsNamed() {
    List<Module> stricter =
        MODULES.stream()
            .map(
                module ->
                    switch (module.name()) {
                      case "host" -> new Module("host", List.of("codec"), List.of());
                      case "rocksdb" ->
                          new Module("rocksdb", module.modules(), List.of("org.slf4j"));
                      default -> module;
                    })
            .filter(module -> !module.name().equals("sim"))
            .toList();
    assertThat(violations(HOUSE, stricter))
        .anyMatch(line -> line.contains("dev.coterie.core.") && line.contains(": host may use"))
        .anyMatch(line -> line.contains("org.rocksdb.") && line.contains(": rocksdb may use"))
        .anyMatch(line -> line.startsWith("dev.coterie.sim.") && line.contains("no module"))
        .noneMatch(line -> line.contains(": core may use"));
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(
            HOUSE.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(each -> !each.isAnnotatedWith(NullMarked.class))
                .map(each -> each.getName()))
        .as("packages without a package-info.java that says @NullMarked")
        .isEmpty();
  }
}
