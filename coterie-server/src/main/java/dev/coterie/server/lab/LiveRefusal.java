// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

/// Why a live run is not begun, in a sentence that says what would help. Nothing has been written
/// to the cluster.
public final class LiveRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  public LiveRefusal(String sentence) {
    super(sentence);
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
