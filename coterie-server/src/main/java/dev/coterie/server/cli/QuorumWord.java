// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

/// The words of `--quorum`.
enum QuorumWord {
  strict,
  sloppy
}
