// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

/// Why a verb cannot go on: a sentence for people that says what to do, and the exit code.
public final class CliFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int exitCode;
  private final String reason;

  public CliFailure(int exitCode, String sentence) {
    this(exitCode, sentence, "");
  }

  /// @param reason the code by which a node refused; empty where none did, or it did not say
  CliFailure(int exitCode, String sentence, String reason) {
    super(sentence);
    this.exitCode = exitCode;
    this.reason = reason;
  }

  static CliFailure usage(String sentence) {
    return new CliFailure(ExitCode.USAGE, sentence);
  }

  int exitCode() {
    return exitCode;
  }

  String reason() {
    return reason;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
