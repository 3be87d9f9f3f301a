// SPDX-License-Identifier: Apache-2.0
/// The opaque token in which a client carries what it has seen of a key (Riak's vclock). A client
/// only echoes it, so it is ours to shape; but it comes back from outside, and a context that
/// claims dots nobody has minted would make later writes vanish as "already seen" (FAULTS F11). So
/// [dev.coterie.codec.token.ContextToken] binds it by a MAC to cluster, bucket and key, and
/// whatever does not check is refused with a reason
/// ([dev.coterie.codec.token.TokenReading.Refused]), never merged, never clamped.
/// [dev.coterie.codec.token.SessionToken] does the same for what a client has seen across keys.
@NullMarked
package dev.coterie.codec.token;

import org.jspecify.annotations.NullMarked;
