// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

/// Yes, no, or what the bucket says.
public enum Choice {
  DEFAULT,
  YES,
  NO;

  public boolean or(boolean otherwise) {
    return switch (this) {
      case DEFAULT -> otherwise;
      case YES -> true;
      case NO -> false;
    };
  }

  public static Choice of(boolean yes) {
    return yes ? YES : NO;
  }
}
