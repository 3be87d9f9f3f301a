// SPDX-License-Identifier: Apache-2.0
/// What lies on disk, whole and damaged.
@NullMarked
package dev.coterie.codec.store;

import org.jspecify.annotations.NullMarked;
