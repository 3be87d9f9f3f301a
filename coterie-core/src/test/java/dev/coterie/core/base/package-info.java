// SPDX-License-Identifier: Apache-2.0
/// The keyed hash against its published vectors.
@NullMarked
package dev.coterie.core.base;

import org.jspecify.annotations.NullMarked;
