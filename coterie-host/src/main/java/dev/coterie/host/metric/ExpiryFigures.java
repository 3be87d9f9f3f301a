// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

/// What becomes of values that expire.
///
/// @param reaped expired values whose records have gone since the start
/// @param ahead records that are remembered because all their values expire; bounded, and those
///   above the bound are found by the walk
/// @param waiting tombstones and expired records that wait until every owner has seen all of them
public record ExpiryFigures(long reaped, long ahead, long waiting) {
  public static final ExpiryFigures NONE = new ExpiryFigures(0, 0, 0);
}
