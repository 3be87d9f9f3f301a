// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

/// How much the write-ahead log is trusted at open. RocksDB opens without a word on a log whose
/// tail was cut or lost in either mode; only the watermark of the identity file tells.
public enum Recovery {
  /// The store was closed by itself after a last sync: every record of the log must be whole, and a
  /// damaged one refuses to open.
  AFTER_CLEAN_STOP,
  /// The log may end in a torn record: everything before the first damaged one is taken.
  AFTER_CRASH
}
