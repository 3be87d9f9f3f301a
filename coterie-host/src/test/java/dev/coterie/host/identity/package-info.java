// SPDX-License-Identifier: Apache-2.0
/// Tests of the identity file and of the comparison at start.
@NullMarked
package dev.coterie.host.identity;

import org.jspecify.annotations.NullMarked;
