// SPDX-License-Identifier: Apache-2.0
/// The port to other nodes over TCP, on Netty.
///
/// **Connections.** Every node dials every peer, sends on the connection that it dialled, and only
/// receives on those that it accepted. Between two nodes there are thus two connections, each used
/// in one direction; nothing has to be agreed about who dials, and a connection that one side has
/// given up is never waited for by the other. A peer is *up* when the dialled connection is: both
/// sides have then accepted the other's hello. An accepted connection makes the other direction be
/// tried at once, so the two come up together.
///
/// **Hello.** The dialler sends its hello, with the name of the node that it means to reach. The
/// other side answers with its own, or with a refusal and the end of the connection; the dialler
/// judges the answer in the same way. [dev.coterie.host.transport.HelloCheck] asks the questions.
/// Until then a frame may have no more than [HelloCodec#BYTES_MAX] bytes, and a connection that has
/// not come through in time is closed. A hello says how large a frame its sender takes, so nodes
/// with different limits do not break each other's connections.
///
/// **Frames.** All numbers big-endian, the layout is fixed for all versions:
///
/// ```text
/// length 4   bytes that follow
/// crc 4      CRC32C of kind and payload
/// kind 1     see FrameKind; an unknown one is counted and skipped
/// payload    length - 5 bytes
/// ```
///
/// A length out of bounds or a wrong checksum ends the connection, with a counted [Break]; what
/// follows is not looked at. Memory for a payload grows with the bytes that came, not with the
/// length that is claimed.
///
/// **Liveness.** Both sides send a ping at a fixed interval and close a connection on which nothing
/// came for a while. That finds a dead peer and a cut in either direction, also under full load,
/// where an answer would wait behind the data. A peer that is only slow keeps its connection.
///
/// **Bounds.** Messages wait in one [SendQueue] for each connection, bounded in bytes and number;
/// Netty is given more only while the channel is writable. The bytes count until the kernel has
/// taken them.
///
/// **Threads.** A peer's dialled connection stays on one event loop for good. A node's driver that
/// runs on that loop writes without a hand-over; from elsewhere a flush costs one task for each
/// peer, not one for each message.
///
/// Read [NettyTransport] first, then [PeerLink] and [FrameReader]. Netty's types are seen outside
/// this module only where the loops are made ([NettyLoops]).
@NullMarked
package dev.coterie.netty;

import org.jspecify.annotations.NullMarked;
