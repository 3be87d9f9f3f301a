// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.host.identity.PeerMemoryFile;
import dev.coterie.host.transport.PeerMemory;
import java.io.IOException;

/// Keeps what a node has heard of its peers in the file beside its identity: when it changed, at
/// most every [PeerMemory#INTERVAL_NANOS], and at the end of each boot. Used by one thread.
final class PeerNotes {
  private final PeerMemoryFile file;
  private final Happenings happenings;
  private PeerMemory kept;
  private boolean unsaved;
  private long lookedAt;

  PeerNotes(PeerMemoryFile file, Happenings happenings, long now) {
    this.file = file;
    this.happenings = happenings;
    this.lookedAt = now;
    PeerMemoryFile.Loaded loaded = file.load();
    this.kept = loaded.memory();
    if (!loaded.remark().isEmpty()) {
      happenings.alarm("PEERS_FORGOTTEN", loaded.remark());
    }
  }

  /// What the next boot starts with.
  PeerMemory kept() {
    return kept;
  }

  /// To be called every now and then.
  void look(PeerMemory memory, long now) {
    if (now - lookedAt >= PeerMemory.INTERVAL_NANOS) {
      lookedAt = now;
      keep(memory);
    }
  }

  void keep(PeerMemory memory) {
    if (!unsaved && memory.equals(kept)) {
      return;
    }
    // Within this process the memory goes on, also where it cannot be saved.
    kept = memory;
    unsaved = true;
    try {
      file.save(memory);
      unsaved = false;
    } catch (IOException e) {
      happenings.alarm(
          "PEERS_NOT_SAVED",
          "what was heard of the peers could not be saved ("
              + e.getMessage()
              + "); if all nodes start again now, an old image of a disk may go unnoticed");
    }
  }
}
