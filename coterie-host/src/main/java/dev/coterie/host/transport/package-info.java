// SPDX-License-Identifier: Apache-2.0
/// The port to other nodes: best effort, authenticated by a hello, bounded. Netty implements it in
/// production, a network with faults in the simulator; one contract test runs on both.
@NullMarked
package dev.coterie.host.transport;

import org.jspecify.annotations.NullMarked;
