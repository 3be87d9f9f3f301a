// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasParameterTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// One place where a class names something else: a call, a field, or a type in a signature.
///
/// @param in the full name of the class that does it
/// @param file the name of its source file
/// @param line the line in that file, 0 where the class file does not say (types in declarations)
/// @param type the full name of the type that is used
/// @param member the method or field that is used; empty for the type as such, `<init>` for a
///   constructor
/// @param parameters full names of the method's parameter types
record Use(String in, String file, int line, String type, String member, List<String> parameters) {

  /// The pseudo type under which the word `synchronized` appears.
  static final String SYNCHRONIZED = "synchronized";

  static Stream<Use> of(JavaClass from) {
    List<Use> uses = new ArrayList<>();
    String file = from.getSource().flatMap(source -> source.getFileName()).orElse("?");
    for (JavaAccess<?> access : from.getAccessesFromSelf()) {
      List<String> parameters =
          access.getTarget() instanceof HasParameterTypes target
              ? target.getRawParameterTypes().stream().map(JavaClass::getName).toList()
              : List.of();
      uses.add(
          new Use(
              from.getName(),
              file,
              access.getLineNumber(),
              access.getTargetOwner().getBaseComponentType().getName(),
              access.getTarget().getName(),
              parameters));
    }
    for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
      uses.add(
          new Use(
              from.getName(),
              file,
              dependency.getSourceCodeLocation().getLineNumber(),
              dependency.getTargetClass().getBaseComponentType().getName(),
              "",
              List.of()));
    }
    return uses.stream();
  }

  /// The name of the type without package and enclosing types, as a source line would have it.
  String simpleType() {
    return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
  }

  @Override
  public String toString() {
    String used = member.isEmpty() ? type : type + "." + member.replace("<init>", "new");
    return in + " (" + file + ":" + line + ") uses " + used;
  }
}
