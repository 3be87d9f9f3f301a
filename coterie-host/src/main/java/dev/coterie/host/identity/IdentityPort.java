// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import java.util.List;

/// Reads and replaces the identity, durably.
public interface IdentityPort {
  sealed interface Loaded {
    /// At least one copy is whole; the newer of the two.
    ///
    /// @param remarks what an operator should know (a damaged copy that the other one made up for)
    record Found(Identity identity, List<String> remarks) implements Loaded {}

    /// There is no file at all.
    record Missing() implements Loaded {}

    /// Files are there and none is whole, or the format is newer than this program.
    record Unreadable(String reason, String wayOut) implements Loaded {}
  }

  Loaded load();

  /// Returns once the identity is on disk (written to the older of the two copies, then fsynced).
  void save(Identity identity) throws IdentityException;

  /// The identity could not be written; the node must stop acknowledging.
  final class IdentityException extends Exception {
    private static final long serialVersionUID = 1L;

    public IdentityException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
