// SPDX-License-Identifier: Apache-2.0
/// What the outside may ask of a node: HTTP, other wire protocols and an embedding program all come
/// in through [dev.coterie.host.service.NodeService].
@NullMarked
package dev.coterie.host.service;

import org.jspecify.annotations.NullMarked;
