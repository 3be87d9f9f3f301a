// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec;

import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireReader;
import dev.coterie.core.causality.ActorId;
import org.jspecify.annotations.Nullable;

/// The actors that were decoded lately, by their bytes. Every message and record names the same few
/// actors again and again; one object for each saves most of what decoding would allocate.
///
/// Bounded: a place holds one actor, and the next that falls on it takes it over. Used by several
/// threads without a lock: an entry is immutable, and whoever does not see one decodes once more.
final class KnownActors {
  private static final int PLACES = 1024;

  private record Known(byte[] bytes, ActorId actor) {}

  private final @Nullable Known[] places = new Known[PLACES];

  /// The actor that `in` has to read.
  ActorId get(WireReader in) throws DecodeException {
    int hash = in.hashOfRest();
    int place = (hash ^ hash >>> 16) & (PLACES - 1);
    Known known = places[place];
    if (known != null && in.restIs(known.bytes)) {
      return known.actor;
    }
    byte[] bytes = in.rest();
    ActorId actor = RecordCodec.decodeActor(in);
    places[place] = new Known(bytes, actor);
    return actor;
  }
}
