// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.base.Bytes;

/// A place among the records of a group that the disk will not give: keys that nobody here can
/// name.
///
/// @param from the first place in it, as the store orders them
/// @param to the first place behind it
/// @param firstHash of the keys that may lie there, as unsigned numbers
/// @param lastHash with it
public record Gap(Bytes from, Bytes to, long firstHash, long lastHash) {}
