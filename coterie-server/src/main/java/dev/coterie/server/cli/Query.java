// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.core.quorum.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The options of a request as query parameters. Null stands for an option that was not given.
final class Query {
  private final List<String> parameters = new ArrayList<>();

  /// `value` must be a number or a word of [Level].
  Query level(String name, @Nullable String value) {
    if (value == null) {
      return this;
    }
    Level level = Level.parse(value);
    if (level == null || (level == Level.Named.ANY && !name.equals("w"))) {
      throw CliFailure.usage(
          "--"
              + name.replace('_', '-')
              + " is '"
              + value
              + "' but must be a number, or one, quorum, all or default"
              + (name.equals("w") ? ", or any" : ""));
    }
    return text(name, value);
  }

  Query text(String name, @Nullable Object value) {
    if (value != null) {
      parameters.add(name + "=" + value);
    }
    return this;
  }

  @Override
  public String toString() {
    return String.join("&", parameters);
  }
}
