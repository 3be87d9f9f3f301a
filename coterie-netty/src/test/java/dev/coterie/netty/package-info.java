// SPDX-License-Identifier: Apache-2.0
/// Tests of the transport over real sockets on loopback.
@NullMarked
package dev.coterie.netty;

import org.jspecify.annotations.NullMarked;
