// SPDX-License-Identifier: Apache-2.0
/// The core's rule that a run is a function of its seed, held for what turns messages into bytes.
@NullMarked
package dev.coterie.codec.architecture;

import org.jspecify.annotations.NullMarked;
