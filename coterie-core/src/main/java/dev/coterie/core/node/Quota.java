// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

/// How full something is that has a bound: a queue, a table or a batch of one shard. For checkers.
///
/// @param what in a sentence: "N `what`"
/// @param size of the fullest where there are several
/// @param most the bound
public record Quota(String what, long size, long most) {
  public boolean isExceeded() {
    return size > most;
  }
}
