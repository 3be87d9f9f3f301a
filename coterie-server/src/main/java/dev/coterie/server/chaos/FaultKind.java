// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

/// The faults that a storm is made of.
enum FaultKind {
  KILL("kill", "SIGKILL, started again later", Touch.PROCESS),
  KILL_TWICE("kill twice", "SIGKILL, and once more while it recovers", Touch.PROCESS),
  STOP("clean stop", "SIGTERM, started again later", Touch.PROCESS),
  PAUSE("pause", "SIGSTOP, then SIGCONT", Touch.PROCESS),
  PAUSE_HALF("pause half", "SIGSTOP of half of the nodes at once, then SIGCONT", Touch.ALL),
  CUT("cut", "two nodes do not hear each other", Touch.NETWORK),
  CUT_ONE_WAY("one-way cut", "one node does not hear another, which hears it", Touch.NETWORK),
  ISOLATE(
      "isolate", "one node hears no other and is heard by none; clients reach it", Touch.NETWORK),
  SPLIT("split", "the nodes fall into two parts", Touch.NETWORK),
  BRIDGE("bridge", "two parts that hear one node in common, and not each other", Touch.NETWORK),
  SLOW_LINK("slow link", "what a node sends passes at 256 kbit/s", Touch.NETWORK),
  LOSS("packet loss", "a share of what a node should hear is lost", Touch.NETWORK),
  CLOCK("clock step", "a node's wall clock is set forward or back, and later right", Touch.CLOCK),
  FULL("full disk", "a node's disk is full, later not", Touch.PROCESS),
  POWER("power cut", "a node's disk loses everything not synced; SIGKILL", Touch.PROCESS),
  SICK_DISK("sick disk", "syncs and writes of a node's log fail now and then", Touch.PROCESS),
  BLACKOUT("blackout", "every node at once: power cut, or SIGKILL", Touch.ALL),
  CORRUPT("corrupt file", "SIGKILL, a file is altered, cut off or deleted", Touch.DAMAGE),
  ROT("rotten reads", "reads of a node's table files come with a bit changed", Touch.DAMAGE),
  ROLLBACK("old image", "SIGKILL, the folder is set back to an earlier copy", Touch.DAMAGE),
  WIPE("wipe", "SIGKILL, the folder is emptied", Touch.DAMAGE);

  /// What a fault needs for itself while it lasts.
  enum Touch {
    /// One node's process.
    PROCESS,
    /// One node's process, and that node must be the round's unlucky machine.
    DAMAGE,
    NETWORK,
    CLOCK,
    /// Every process.
    ALL
  }

  private final String word;
  private final String meaning;
  private final Touch touch;

  FaultKind(String word, String meaning, Touch touch) {
    this.word = word;
    this.meaning = meaning;
    this.touch = touch;
  }

  String word() {
    return word;
  }

  String meaning() {
    return meaning;
  }

  Touch touch() {
    return touch;
  }
}
