// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.Dot;
import java.util.List;

/// One line of a group's log: the write `dot` was to `key` and replaced the values `replaced`.
///
/// @param operation the client's operation id, empty for none
public record LogEntry(Dot dot, ObjectKey key, List<Dot> replaced, Bytes operation) {}
