// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

/// A scenario that cannot be used for what is asked, with a sentence that says why and what would
/// do.
public final class ScenarioException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /// What is wrong.
  public enum Code {
    UNKNOWN_VERSION,
    UNKNOWN_TEMPLATE,
    UNKNOWN_FIELD,
    BAD_VALUE,
    /// It can be played, but not be measured under the conditions of the WARS model.
    NOT_MEASURABLE
  }

  private final Code code;
  private final String field;

  /// @param field the name of the field at fault; empty where it is none
  public ScenarioException(Code code, String field, String sentence) {
    super(sentence);
    this.code = code;
    this.field = field;
  }

  public Code code() {
    return code;
  }

  public String field() {
    return field;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
