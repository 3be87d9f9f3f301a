// SPDX-License-Identifier: Apache-2.0
/// One client request at the owner that coordinates it.
/// [dev.coterie.core.coordinator.GetCoordinator] asks r owners, merges their answers
/// ([dev.coterie.core.coordinator.ReadMerge]) and repairs who was stale;
/// [dev.coterie.core.coordinator.PutCoordinator] lets its own replica mint and counts the copies.
/// Both are values of what they were told: the node sends their messages and keeps their time.
@NullMarked
package dev.coterie.core.coordinator;

import org.jspecify.annotations.NullMarked;
