// SPDX-License-Identifier: Apache-2.0
/// Tests of the load generator.
@NullMarked
package dev.coterie.bench;

import org.jspecify.annotations.NullMarked;
