// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/// Where a verb reads and writes.
///
/// @param out for results
/// @param err for everything else
/// @param interactive whether a person looks at `out` and can be shown a line that changes
public record Terminal(
    InputStream in, PrintStream out, PrintStream err, BooleanSupplier interactive) {
  static Terminal system() {
    return new Terminal(
        System.in,
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        () -> {
          Console console = System.console();
          return console != null && console.isTerminal();
        });
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
