// SPDX-License-Identifier: Apache-2.0
/// What a node keeps on disk: keys that sort by policy, key hash and key, and values with a format
/// byte and a checksum.
@NullMarked
package dev.coterie.codec.store;

import org.jspecify.annotations.NullMarked;
