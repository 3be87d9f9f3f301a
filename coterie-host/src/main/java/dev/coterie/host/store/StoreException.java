// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.store;

/// The disk said no. The kind tells what a node may conclude.
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1L;

  public enum Kind {
    /// What was read fails its checksum. The key is damaged, not absent; other keys may be fine.
    CORRUPTION,
    /// No space is left. Nothing more can be written until the store is reopened with space freed.
    NO_SPACE,
    /// A read, write or fsync failed. What was written since the last successful sync is unknown;
    /// the store must be closed and opened again.
    IO,
    /// The store cannot be opened as it stands (missing files, a newer format, held by another
    /// process).
    CANNOT_OPEN,
    /// The store cannot be opened because its files are damaged or missing; opening it again will
    /// not help.
    DAMAGED,
    /// The store was closed.
    CLOSED
  }

  private final Kind kind;

  public StoreException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public StoreException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
