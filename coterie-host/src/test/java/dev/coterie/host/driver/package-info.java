// SPDX-License-Identifier: Apache-2.0
/// What the driver of a shard does with its store.
@NullMarked
package dev.coterie.host.driver;

import org.jspecify.annotations.NullMarked;
