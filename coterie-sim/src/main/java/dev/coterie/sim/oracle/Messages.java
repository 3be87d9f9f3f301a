// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageCodec;
import dev.coterie.codec.message.MessageKind;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.message.Message;
import org.jspecify.annotations.Nullable;

/// What an oracle reads of the messages that pass it.
final class Messages {
  private Messages() {}

  /// The message, where it is of one of `kinds`; null where it is not, or says nothing.
  static @Nullable Message among(MessageKind[] kinds, Bytes message) {
    byte kind = message.array()[0];
    for (MessageKind each : kinds) {
      if (each.number() == kind) {
        try {
          return MessageCodec.decode(message);
        } catch (DecodeException _) {
          return null;
        }
      }
    }
    return null;
  }
}
