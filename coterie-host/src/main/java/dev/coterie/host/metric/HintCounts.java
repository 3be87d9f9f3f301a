// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

/// What has become of hints since the process started.
///
/// @param stored writes that were joined into hints here
/// @param refused hints for which there was no room
/// @param delivered hints that their owners have durably taken
/// @param notTaken hints that were given to this owner and could not be taken, or not counted
public record HintCounts(long stored, long refused, long delivered, long notTaken) {}
