// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

/// One key of the configuration file, with all that is known about it.
///
/// @param section the table it stands in: `http` for `[http]`, empty for the top of the file
/// @param name its name in that table
/// @param shape what may be written
/// @param standard its default as TOML; empty where it must be given
/// @param what what it decides, as a sentence without its full stop
/// @param more what a higher value (or `true`) buys and costs; empty where there is no higher
/// @param less what a lower value (or `false`) buys and costs; empty where there is no lower
public record ConfigKey<T>(
    String section,
    String name,
    Shape<T> shape,
    String standard,
    String what,
    String more,
    String less) {
  /// `http.listen`.
  public String path() {
    return section.isEmpty() ? name : section + "." + name;
  }

  public boolean isRequired() {
    return standard.isEmpty();
  }

  public String unit() {
    return switch (shape) {
      case Shape.Whole whole -> whole.unit();
      case Shape.Decimal decimal -> decimal.unit();
      case Shape.PowerOfTwo _,
          Shape.Flag _,
          Shape.Name _,
          Shape.Label _,
          Shape.PathText _,
          Shape.Word _,
          Shape.Address _ ->
          "";
    };
  }
}
