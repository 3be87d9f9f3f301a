// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

/// Why a verb cannot go on: a sentence for people that says what to do, and the exit code.
public final class CliFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int exitCode;

  public CliFailure(int exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  static CliFailure usage(String sentence) {
    return new CliFailure(ExitCode.USAGE, sentence);
  }

  int exitCode() {
    return exitCode;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
