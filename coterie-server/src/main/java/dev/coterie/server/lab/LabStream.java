// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

/// Server-sent events on their way to somebody who follows a run.
public interface LabStream {
  /// @param json on one line
  /// @return whether somebody still listens
  boolean send(String event, String json);

  /// No more follow.
  void end();
}
