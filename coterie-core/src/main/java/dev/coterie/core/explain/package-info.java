// SPDX-License-Identifier: Apache-2.0
/// Why a key is as it is, in words: pure functions of what its owners have told
/// ([dev.coterie.core.message.ReplicaView]). The command line and the simulator print the same.
@NullMarked
package dev.coterie.core.explain;

import org.jspecify.annotations.NullMarked;
