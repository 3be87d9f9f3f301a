// SPDX-License-Identifier: Apache-2.0
/// Fields and lengths: the lowest layer of every encoding.
@NullMarked
package dev.coterie.codec.wire;

import org.jspecify.annotations.NullMarked;
