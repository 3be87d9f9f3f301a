// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.base;

/// The name of a node, unique in its cluster for ever: 1 to 64 characters of `a-z 0-9 . _ -`.
public record NodeId(String name) implements Comparable<NodeId> {
  public static final int LENGTH_MAX = 64;

  public NodeId {
    if (!valid(name)) {
      throw new IllegalArgumentException(
          "node id must be 1 to 64 characters of a-z, 0-9, '.', '_' or '-', but was '"
              + name
              + "'");
    }
  }

  public static boolean valid(String name) {
    if (name.isEmpty() || name.length() > LENGTH_MAX) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean fine =
          (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
      if (!fine) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int compareTo(NodeId other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
