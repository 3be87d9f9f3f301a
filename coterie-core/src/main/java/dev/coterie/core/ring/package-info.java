// SPDX-License-Identifier: Apache-2.0
/// Who owns what: the ring of Q equal partitions, the placement map of an epoch, and the allocator.
@NullMarked
package dev.coterie.core.ring;

import org.jspecify.annotations.NullMarked;
