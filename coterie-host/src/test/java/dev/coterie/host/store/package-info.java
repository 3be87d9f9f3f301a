// SPDX-License-Identifier: Apache-2.0
/// The contract of [dev.coterie.host.store.Store], to be extended by the test of each
/// implementation.
@NullMarked
package dev.coterie.host.store;

import org.jspecify.annotations.NullMarked;
