// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.TreeSet;

/// An order of packages, lowest first: each may use itself and those before it in the list, and the
/// first of them is what everybody stands on.
///
/// @param root what their names begin with, such as `dev.coterie.core`
/// @param lowestFirst the last part of each name; packages below one count as part of it
public record Packages(String root, List<String> lowestFirst) {

  /// A line for each use of a package that stands higher, and for each package that the list lacks.
  public List<String> violations(JavaClasses classes) {
    TreeSet<String> violations = new TreeSet<>();
    for (JavaClass from : classes) {
      int own = rank(from);
      if (own < 0 && from.getPackageName().startsWith(root)) {
        violations.add(
            from.getPackageName()
                + " has no place in the order of packages: give it one in the test, lowest first "
                + lowestFirst);
      }
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        int other = rank(dependency.getTargetClass().getBaseComponentType());
        if (own >= 0 && other > own) {
          violations.add(
              dependency.getDescription()
                  + ": "
                  + lowestFirst.get(own)
                  + " stands below "
                  + lowestFirst.get(other)
                  + " and may not know it");
        }
      }
    }
    return List.copyOf(violations);
  }

  private int rank(JavaClass type) {
    String name = type.getPackageName() + ".";
    for (int i = 0; i < lowestFirst.size(); i++) {
      if (name.startsWith(root + "." + lowestFirst.get(i) + ".")) {
        return i;
      }
    }
    return -1;
  }
}
