// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

/// What a node's reads cost beyond their quorum, counted since the start.
///
/// @param expired messages and requests dropped because nobody waited for them any more
/// @param hedges late reads that asked one more owner
/// @param hedgesWon those among them whose answer came before one that had been asked first
/// @param bytesSpared bytes of values that digests stood for in answers to other nodes
public record ReadFigures(long expired, long hedges, long hedgesWon, long bytesSpared) {
  public static final ReadFigures NONE = new ReadFigures(0, 0, 0, 0);
}
