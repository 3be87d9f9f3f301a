// SPDX-License-Identifier: Apache-2.0
/// What is said: requests and outcomes between clients and a node, and messages between nodes.
/// Nothing but data. Numbers of kinds and codes are append-only, because nodes of two versions talk
/// to each other.
@NullMarked
package dev.coterie.core.message;

import org.jspecify.annotations.NullMarked;
