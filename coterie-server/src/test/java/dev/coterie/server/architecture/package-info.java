// SPDX-License-Identifier: Apache-2.0
/// The arrows between the modules. They are judged here because the server sees all of them.
@NullMarked
package dev.coterie.server.architecture;

import org.jspecify.annotations.NullMarked;
