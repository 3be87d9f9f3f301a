// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.coterie.server.chaos;

import org.jspecify.annotations.NullMarked;
