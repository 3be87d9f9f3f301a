// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.coterie.codec.wire;

import org.jspecify.annotations.NullMarked;
