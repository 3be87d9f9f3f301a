// SPDX-License-Identifier: Apache-2.0
/// Messages between nodes. [dev.coterie.codec.message.MessageKind] pins a number for each kind.
@NullMarked
package dev.coterie.codec.message;

import org.jspecify.annotations.NullMarked;
