// SPDX-License-Identifier: Apache-2.0
/// Feeds one shard of the core with events and carries out its effects. Passive: the server gives
/// it a thread, the simulator turns it by hand. One drained inbox makes one storage batch, one wish
/// for a sync and one flush per peer: that batching is where the speed comes from.
@NullMarked
package dev.coterie.host.driver;

import org.jspecify.annotations.NullMarked;
