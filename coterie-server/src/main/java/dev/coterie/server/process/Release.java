// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

/// Which release of the program runs.
public final class Release {
  private Release() {}

  /// The version that the build wrote into the jar's manifest; `(not from a jar)` where there is
  /// none.
  public static String version() {
    String version = Release.class.getPackage().getImplementationVersion();
    return version == null ? "(not from a jar)" : version;
  }
}
