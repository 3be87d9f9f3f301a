// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import java.util.ArrayList;
import java.util.List;

/// What an unknown key probably should have been.
final class Suggestion {
  private Suggestion() {}

  /// A sentence about the unknown `name`, found in `section` at `full`: the section that it belongs
  /// to where another one knows it, else the nearest key of this section, or of any where none is
  /// near.
  static String forUnknown(ConfigKeys.Section section, String full, String name) {
    String unknown = "unknown key '" + full + "'";
    List<String> everywhere = new ArrayList<>();
    for (ConfigKeys.Section other : ConfigKeys.SECTIONS) {
      if (!other.name().isEmpty()) {
        everywhere.add(other.name());
      }
      for (ConfigKey<?> key : other.keys()) {
        everywhere.add(key.path());
        if (key.name().equals(name)) {
          return unknown + ": " + name + " belongs " + place(other);
        }
      }
    }
    List<String> here = new ArrayList<>();
    for (ConfigKey<?> key : section.keys()) {
      here.add(key.name());
    }
    String near = NearestName.of(name, here);
    if (NearestName.distance(name, near) <= Math.max(2, name.length() / 3)) {
      return unknown + ": did you mean '" + near + "'?";
    }
    return unknown + ": the nearest known one is '" + NearestName.of(full, everywhere) + "'";
  }

  private static String place(ConfigKeys.Section section) {
    if (section.name().isEmpty()) {
      return "at the top of the file, before the first [table]";
    }
    return "in " + (section.repeated() ? "[[" + section.name() + "]]" : "[" + section.name() + "]");
  }
}
