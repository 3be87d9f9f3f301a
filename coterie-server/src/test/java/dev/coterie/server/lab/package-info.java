// SPDX-License-Identifier: Apache-2.0
/// Tests of the Lab's resources without a listener.
@NullMarked
package dev.coterie.server.lab;

import org.jspecify.annotations.NullMarked;
