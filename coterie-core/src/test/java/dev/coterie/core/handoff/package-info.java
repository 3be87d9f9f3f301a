// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.coterie.core.handoff;

import org.jspecify.annotations.NullMarked;
