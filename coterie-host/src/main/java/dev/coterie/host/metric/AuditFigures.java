// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

/// What the comparisons of hash trees have done and found since the start.
///
/// @param audited groups that were compared with all their other owners, each time
/// @param keys keys in which another owner differed
/// @param bytes of messages about hash trees that were sent
/// @param oldestSeconds how long ago the group was compared whose last time is the longest ago; -1
///   where some group was not compared since the start
/// @param never groups that were not compared since the start
public record AuditFigures(long audited, long keys, long bytes, long oldestSeconds, long never) {
  public static final AuditFigures NONE = new AuditFigures(0, 0, 0, -1, 0);
}
