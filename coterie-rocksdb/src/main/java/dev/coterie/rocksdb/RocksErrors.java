// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import dev.coterie.host.store.StoreException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// RocksDB's status codes in the words of the port. Messages name files and offsets, never keys or
/// values.
final class RocksErrors {
  private RocksErrors() {}

  static StoreException of(String doing, RocksDBException e) {
    return new StoreException(kind(e), doing + " failed: " + e.getMessage(), e);
  }

  static StoreException cannotOpen(Path directory, RocksDBException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("/LOCK:") || message.contains("lock hold by current process")) {
      return new StoreException(
          StoreException.Kind.CANNOT_OPEN,
          "the directory "
              + directory
              + " is in use by another store; stop the process that holds it, or choose another"
              + " directory",
          e);
    }
    if (kind(e) == StoreException.Kind.NO_SPACE) {
      return new StoreException(
          StoreException.Kind.NO_SPACE,
          "no space is left to open the store in " + directory + "; free some and start again",
          e);
    }
    return new StoreException(
        kind(e) == StoreException.Kind.CORRUPTION
            ? StoreException.Kind.DAMAGED
            : StoreException.Kind.CANNOT_OPEN,
        "the store in " + directory + " cannot be opened: " + message + "; look after the disk",
        e);
  }

  /// A file that is missing is damage like any other: it is no use to try again.
  static StoreException.Kind kind(RocksDBException e) {
    @Nullable Status status = e.getStatus();
    String message = String.valueOf(e.getMessage());
    if (message.contains("No space left on device")
        || (status != null && status.getSubCode() == Status.SubCode.NoSpace)) {
      return StoreException.Kind.NO_SPACE;
    }
    if ((status != null && status.getCode() == Status.Code.Corruption)
        || message.contains("No such file or directory")) {
      return StoreException.Kind.CORRUPTION;
    }
    return StoreException.Kind.IO;
  }
}
