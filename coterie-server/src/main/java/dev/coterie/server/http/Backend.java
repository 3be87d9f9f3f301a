// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.codec.token.ContextToken;
import dev.coterie.host.service.NodeService;
import java.security.SecureRandom;
import java.time.InstantSource;

/// What the resources of one listener work with.
///
/// @param tokens seals and opens the contexts that clients carry
/// @param timeoutMillis for requests that name none
/// @param clock stamps `Last-Modified`, which decides nothing, and the end of a value with a TTL,
///   which each node then judges by its own clock
/// @param random for keys that the server makes and for boundaries that no value can contain on
///   purpose
record Backend(
    NodeService node,
    ContextToken tokens,
    HttpLimits limits,
    long timeoutMillis,
    InstantSource clock,
    SecureRandom random) {

  /// 128 random bits.
  String unguessable() {
    return Base62.encode(random.nextLong()) + Base62.encode(random.nextLong());
  }
}
