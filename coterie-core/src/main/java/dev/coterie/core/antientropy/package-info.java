// SPDX-License-Identifier: Apache-2.0
/// Hash trees: what a copy of a group holds, in sums that two owners can compare. Pure; the machine
/// that exchanges them is in `node`.
@NullMarked
package dev.coterie.core.antientropy;

import org.jspecify.annotations.NullMarked;
