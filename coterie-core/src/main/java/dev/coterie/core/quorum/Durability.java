// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

/// When a copy counts.
public enum Durability {
  /// The replica has it in memory and in the operating system's hands; a power cut may take it.
  BUFFERED,
  /// The replica has fsynced it.
  SYNCED
}
