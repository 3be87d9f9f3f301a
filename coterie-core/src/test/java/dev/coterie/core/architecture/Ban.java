// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.architecture;

import java.util.List;
import java.util.function.Predicate;

/// Something that may not be used, and why.
///
/// @param what `java.io.**` for a package and those below it, `java.lang.Thread*` for types that
///   begin so, `java.lang.Runtime` for one type, `java.lang.System#nanoTime` for a member of a
///   type, with `*` at the end of either part for any rest
/// @param only narrows a member to some of its overloads, by their parameter types
/// @param reason the sentence that the build prints
record Ban(String what, Predicate<List<String>> only, String reason) {

  static Ban of(String what, String reason) {
    return new Ban(what, parameters -> true, reason);
  }

  boolean forbids(Use use) {
    int hash = what.indexOf('#');
    if (hash < 0) {
      return named(what, use.type());
    }
    return named(what.substring(0, hash), use.type())
        && named(what.substring(hash + 1), use.member())
        && only.test(use.parameters());
  }

  private static boolean named(String pattern, String name) {
    if (pattern.endsWith("**")) {
      return name.startsWith(pattern.substring(0, pattern.length() - 2));
    }
    if (pattern.endsWith("*")) {
      return name.startsWith(pattern.substring(0, pattern.length() - 1));
    }
    return name.equals(pattern) || name.startsWith(pattern + "$");
  }
}
