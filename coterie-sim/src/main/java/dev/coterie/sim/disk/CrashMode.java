// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.disk;

/// What a power cut leaves of the batches that were not synced. A batch that the cut tore in two
/// fails its checksum and counts as not written.
public enum CrashMode {
  /// None of them.
  DROP_ALL,
  /// The first few, each number of them as likely as any other.
  KEEP_PREFIX,
  /// All of them.
  KEEP_ALL,
  /// Each one with probability one half, later ones over the hole of earlier ones.
  HOLES
}
