// SPDX-License-Identifier: Apache-2.0
/// Tests of the Lab: scenarios, runs and what they come to.
@NullMarked
package dev.coterie.sim.lab;

import org.jspecify.annotations.NullMarked;
