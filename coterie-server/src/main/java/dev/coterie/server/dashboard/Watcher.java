// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

/// Somebody who follows the dashboard by server-sent events.
public interface Watcher {
  enum Sent {
    /// It has been taken over; the one before has left.
    TAKEN,
    /// The watcher has gone.
    GONE,
    /// The watcher does not read: what was sent before has not left in time.
    SLOW
  }

  /// @param json on one line
  Sent tell(String event, String json);

  /// No more follow.
  void end();
}
