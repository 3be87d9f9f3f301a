// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import java.util.Map;

/// A reply's receipt in a few words.
final class ReceiptText {
  private static final String RECEIPT = "x-coterie-receipt";

  private ReceiptText() {}

  /// ` (…)`, or nothing where the reply has no receipt.
  static String of(Map<String, String> receipt) {
    String text = receipt.getOrDefault(RECEIPT, "");
    return text.isEmpty() ? "" : " (" + text + ")";
  }
}
