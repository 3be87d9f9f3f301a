// SPDX-License-Identifier: Apache-2.0
/// Tests of the shopping carts.
@NullMarked
package dev.coterie.server.demo;

import org.jspecify.annotations.NullMarked;
