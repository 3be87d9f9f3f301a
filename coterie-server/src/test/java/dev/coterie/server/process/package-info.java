// SPDX-License-Identifier: Apache-2.0
/// Tests with real processes on loopback.
@NullMarked
package dev.coterie.server.process;

import org.jspecify.annotations.NullMarked;
