// SPDX-License-Identifier: Apache-2.0
/// Laws of hash trees.
@NullMarked
package dev.coterie.core.antientropy;

import org.jspecify.annotations.NullMarked;
