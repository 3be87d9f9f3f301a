// SPDX-License-Identifier: Apache-2.0
/// What quorum settings mean, in words. [dev.coterie.server.explain.QuorumExplanation] is a pure
/// function from a bucket's properties, a request's options and the number of machines to
/// sentences: what is guaranteed, what is not, and what still works with some of a key's machines
/// lost. A test compares its numbers with a count over all sets of machines.
@NullMarked
package dev.coterie.server.explain;

import org.jspecify.annotations.NullMarked;
