// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import org.jspecify.annotations.Nullable;

/// What a link says of the run that it was made from.
///
/// @param result the result hash; empty where it does not say
public record RunLink(String build, String result) {
  /// The link to a run: the scenario, the build that has played it, and its result.
  public static String to(String scenario, String result) {
    return "/lab#"
        + scenario
        + "&build="
        + EngineBuild.id()
        + (result.isEmpty() ? "" : "&result=" + result);
  }

  /// What stands behind the scenario of a link; null where it says nothing of a build.
  public static @Nullable RunLink in(String link) {
    String build = part(link, "build");
    return build.isEmpty() ? null : new RunLink(build, part(link, "result").split("\\.", -1)[0]);
  }

  private static String part(String link, String name) {
    for (String part : link.split("&", -1)) {
      if (part.startsWith(name + "=")) {
        return part.substring(name.length() + 1);
      }
    }
    return "";
  }

  /// What somebody should know who has played it here and has come to `played`; empty for nothing.
  public String note(String played) {
    boolean known = !result.isEmpty();
    if (build.equals(EngineBuild.id())) {
      return !known || result.equals(played)
          ? ""
          : "the link's result was "
              + result
              + ", here it is "
              + played
              + ", though the build is the same: please report it";
    }
    String made = "the link was made by build " + build + ", this is " + EngineBuild.id() + ": ";
    return made
        + (!known
            ? "figures may differ"
            : result.equals(played)
                ? "the result is the same"
                : "its result was " + result + ", here figures differ");
  }
}
