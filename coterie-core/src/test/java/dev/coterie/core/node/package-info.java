// SPDX-License-Identifier: Apache-2.0
/// The node, told events one by one.
@NullMarked
package dev.coterie.core.node;

import org.jspecify.annotations.NullMarked;
