// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

/// How many follow the dashboard.
///
/// @param open streams now
/// @param refused streams that were one too many, since the start
/// @param slow streams that were ended because their reader did not keep up
public record WatchFigures(int open, long refused, long slow) {}
