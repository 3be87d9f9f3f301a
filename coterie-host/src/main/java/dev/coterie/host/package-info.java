// SPDX-License-Identifier: Apache-2.0
/// The thin host around the core: ports to disk and network, and the passive driver that feeds the
/// core with events and carries out its effects. Whoever turns the driver (a thread in the server,
/// the simulator by hand) decides when time passes.
@NullMarked
package dev.coterie.host;

import org.jspecify.annotations.NullMarked;
