// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

/// The number of each kind of message on the wire. Append-only: a number is never used again, and a
/// receiver skips kinds that it does not know.
public enum MessageKind {
  STORE_REPLICA(1),
  STORE_REPLICA_REPLY(2),
  READ_REPLICA(3),
  READ_REPLICA_REPLY(4),
  REPAIR_REPLICA(5),
  COPY_REQUEST(6),
  COPY_REPLY(7),
  FORWARD(8),
  FORWARD_REPLY(9),
  PROPERTIES_PUSH(10),
  PROPERTIES_ACK(11),
  PROPERTIES_FETCH(12),
  PROPERTIES_REPLY(13),
  EXCHANGE_REQUEST(14),
  EXCHANGE_REPLY(15),
  STORE_HINT(16),
  STORE_HINT_REPLY(17),
  READ_HINT(18),
  READ_HINT_REPLY(19),
  HINT_OFFER(20),
  HINT_CREDIT(21),
  HAND_OFF(22),
  HAND_OFF_REPLY(23),
  TREE_REQUEST(24),
  TREE_REPLY(25),
  LEAF_REQUEST(26),
  LEAF_REPLY(27),
  KEYS_REQUEST(28),
  PROBE(30),
  ACK(31),
  INDIRECT_PROBE(32),
  NACK(33),
  CLOSE_PROMISE(34),
  EXPLAIN_REPLICA(38),
  EXPLAIN_REPLICA_REPLY(39),
  REPAIR_REPLICA_REPLY(45);

  private final int number;

  MessageKind(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
