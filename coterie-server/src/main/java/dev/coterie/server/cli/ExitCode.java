// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

/// How a verb ended, as scripts see it.
public final class ExitCode {
  /// Done, or found.
  public static final int OK = 0;

  /// A negative answer: not found, not healthy, something lost.
  public static final int NEGATIVE = 1;

  /// A command line, configuration or folder that cannot be used.
  public static final int USAGE = 2;

  /// No node of the cluster could be reached; nothing was done.
  public static final int UNREACHABLE = 3;

  /// The cluster refused: certainly not done.
  public static final int REJECTED = 4;

  /// May have been done.
  public static final int INDETERMINATE = 5;

  /// Nothing was found broken, but too little was seen to say that all is well.
  public static final int NOT_PROVED = 6;

  /// A fault in this program.
  public static final int DEFECT = 70;

  static final String[] HELP = {
    "0:done, or found",
    "1:a negative answer: not found, not healthy, something lost",
    "2:a command line, configuration or folder that cannot be used",
    "3:no node of the cluster could be reached; nothing was done",
    "4:rejected: certainly not done",
    "5:indeterminate: may have been done",
    "6:not proved: nothing was found broken, but too little was seen",
    "70:a fault in this program"
  };

  private ExitCode() {}
}
