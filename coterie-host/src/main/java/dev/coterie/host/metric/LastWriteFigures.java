// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

/// Acknowledged values that last-write-wins has thrown away, although the writer that replaced them
/// had not been shown them.
///
/// @param concurrent such as were written at the same time as another
/// @param blind such as a client without a context has replaced
public record LastWriteFigures(long concurrent, long blind) {
  public static final LastWriteFigures NONE = new LastWriteFigures(0, 0);
}
