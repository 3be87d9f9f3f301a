// SPDX-License-Identifier: Apache-2.0
/// Messages and stored records to bytes and back. The encoding is that of protocol buffers (tagged
/// fields, unknown ones skipped, so that two versions of a node can talk), written by hand: small,
/// free of generated code, deterministic, and every length is checked before anything is allocated.
@NullMarked
package dev.coterie.codec;

import org.jspecify.annotations.NullMarked;
