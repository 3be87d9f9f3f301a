// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

/// Why a local cluster cannot be started or kept up: a sentence that says what to do.
public final class UpFailure extends Exception {
  private static final long serialVersionUID = 1L;

  public UpFailure(String sentence) {
    super(sentence);
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
