// SPDX-License-Identifier: Apache-2.0
/// Messages between nodes. [dev.coterie.codec.message.MessageKind] pins a number for each kind;
/// each family of messages has a codec that writes and reads its kinds, and
/// [dev.coterie.codec.message.MessageFields] is the table of fields that they share.
@NullMarked
package dev.coterie.codec.message;

import org.jspecify.annotations.NullMarked;
