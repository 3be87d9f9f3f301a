// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.coterie.server.dashboard;

import org.jspecify.annotations.NullMarked;
