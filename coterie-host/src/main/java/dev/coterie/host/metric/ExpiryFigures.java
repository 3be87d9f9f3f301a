// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

/// What becomes of values that expire.
///
/// @param reaped expired values whose records have gone since the start
/// @param ahead records that are remembered because all their values expire; bounded, and those
///   above the bound are found by the walk
public record ExpiryFigures(long reaped, long ahead) {
  public static final ExpiryFigures NONE = new ExpiryFigures(0, 0);
}
