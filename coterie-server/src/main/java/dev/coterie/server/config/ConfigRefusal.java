// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

/// Why a part of a configuration cannot be used: a sentence for the operator.
final class ConfigRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigRefusal(String sentence) {
    super(sentence);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
