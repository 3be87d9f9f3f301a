// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.coterie.sim.membership;

import org.jspecify.annotations.NullMarked;
