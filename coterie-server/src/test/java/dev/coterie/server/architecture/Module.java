// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A module and what it may use. Everybody may use the JDK, JSpecify and itself.
///
/// @param name the part of its packages' names behind `dev.coterie.`
/// @param modules the modules that it may use, by name
/// @param libraries the foreign packages that it may use, those below included
record Module(String name, List<String> modules, List<String> libraries) {
  private static final List<String> EVERYWHERE = List.of("java", "javax", "jdk", "org.jspecify");
  private static final String ROOT = "dev.coterie";

  boolean contains(JavaClass type) {
    return below(ROOT + "." + name, type);
  }

  /// Why `dependency`, of a class of this module, is not allowed; empty if it is.
  Optional<String> objection(Dependency dependency) {
    JavaClass used = dependency.getTargetClass().getBaseComponentType();
    if (used.isPrimitive() || contains(used)) {
      return Optional.empty();
    }
    Stream<String> allowed =
        below(ROOT, used)
            ? modules.stream().map(module -> ROOT + "." + module)
            : Stream.concat(EVERYWHERE.stream(), libraries.stream());
    if (allowed.anyMatch(prefix -> below(prefix, used))) {
      return Optional.empty();
    }
    return Optional.of(
        dependency.getDescription()
            + ": "
            + name
            + " may use of the project "
            + modules
            + ", of libraries "
            + libraries);
  }

  private static boolean below(String prefix, JavaClass type) {
    return (type.getPackageName() + ".").startsWith(prefix + ".");
  }
}
