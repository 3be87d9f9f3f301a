// SPDX-License-Identifier: Apache-2.0
/// Laws of levels and tallies.
@NullMarked
package dev.coterie.core.quorum;

import org.jspecify.annotations.NullMarked;
