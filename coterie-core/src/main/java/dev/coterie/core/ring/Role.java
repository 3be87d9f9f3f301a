// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

/// What a place in a preference list is.
public enum Role {
  /// An owner of the group: it keeps a copy for good.
  PRIMARY,
  /// Any other member: it stands in for a primary and keeps a hint until that one has it.
  FALLBACK
}
