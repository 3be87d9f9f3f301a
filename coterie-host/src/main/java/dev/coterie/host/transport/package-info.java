// SPDX-License-Identifier: Apache-2.0
/// The port to other nodes: best effort, authenticated by a hello, bounded. Netty implements it in
/// production, a network with faults in the simulator; one contract test runs on both.
///
/// [Transport] is the port. [PeerHello] is what two nodes tell each other first, [HelloCheck]
/// judges it for every transport alike, [PeerRefusal] is the answer when they do not become peers.
///
/// What holds for each of them:
/// - messages that one thread sends to one peer arrive in that order while a connection lives;
/// - a message is handed on only from a peer whose hello was accepted;
/// - of two boots of a peer the older one is heard no more once the newer was met;
/// - what waits for a peer is bounded, and a message that finds no room is named so to its sender.
@NullMarked
package dev.coterie.host.transport;

import org.jspecify.annotations.NullMarked;
