// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.base;

import java.util.Locale;

/// A check of our own reasoning, always on. A failed one means that this program is wrong: the node
/// stops rather than go on with a state that nobody thought of. For bad input use a typed outcome
/// instead.
public final class Invariant {
  private Invariant() {}

  /// Thrown by a failed check; nothing but the process's outermost loop catches it.
  public static final class Violated extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    Violated(String message) {
      super(message);
    }
  }

  public static void check(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new Violated(String.format(Locale.ROOT, message, values));
    }
  }

  public static Violated violated(String message, Object... values) {
    return new Violated(String.format(Locale.ROOT, message, values));
  }
}
