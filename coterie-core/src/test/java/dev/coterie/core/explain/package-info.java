// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.coterie.core.explain;

import org.jspecify.annotations.NullMarked;
