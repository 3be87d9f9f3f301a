// SPDX-License-Identifier: Apache-2.0
/// The node process: everything between a configuration and a node that serves.
@NullMarked
package dev.coterie.server.process;

import org.jspecify.annotations.NullMarked;
