// SPDX-License-Identifier: Apache-2.0
/// Laws of dots, contexts, clocks and records.
@NullMarked
package dev.coterie.core.causality;

import org.jspecify.annotations.NullMarked;
