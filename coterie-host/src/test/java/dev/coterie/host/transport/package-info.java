// SPDX-License-Identifier: Apache-2.0
/// Tests of the rules that hold for every transport.
@NullMarked
package dev.coterie.host.transport;

import org.jspecify.annotations.NullMarked;
