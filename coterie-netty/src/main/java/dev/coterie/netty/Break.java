// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

/// Why a connection ended.
public enum Break {
  /// The other side closed it, or the network did.
  CLOSED,
  /// Nobody answered at the address.
  UNREACHABLE,
  /// Nothing arrived for the silence timeout.
  SILENCE,
  /// No hello came in time.
  HELLO_TIMEOUT,
  /// What came in place of a hello was none.
  HELLO_DAMAGED,
  /// One side refused the other's hello.
  REFUSED,
  /// A frame shorter than its header or larger than the limit.
  LENGTH,
  /// A frame that is not what was sent.
  CHECKSUM,
  /// A frame that has no place there, such as a message on a connection that carries none that way.
  OUT_OF_PLACE,
  /// A newer connection of the same peer took its place.
  REPLACED,
  /// Too many connections whose hello had not come yet.
  CROWDED,
  /// A defect of this node: see its log.
  DEFECT,
  /// This node's transport was closed.
  STOPPED
}
