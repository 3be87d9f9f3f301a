// SPDX-License-Identifier: Apache-2.0
/// Messages as bytes, whole and damaged.
@NullMarked
package dev.coterie.codec.message;

import org.jspecify.annotations.NullMarked;
