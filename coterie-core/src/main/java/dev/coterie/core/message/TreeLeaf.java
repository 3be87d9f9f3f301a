// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

/// One leaf of a group's hash tree as it is kept in the store.
///
/// @param hour which tree, see [TreeNode]
/// @param leaf 0 to 255
public record TreeLeaf(long hour, int leaf, TreeSum sum) {}
