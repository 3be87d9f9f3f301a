// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.wire;

/// These bytes are not what they should be. Says where and why; never an out-of-bounds error.
public final class DecodeException extends Exception {
  private static final long serialVersionUID = 1L;

  public DecodeException(String message) {
    super(message);
  }
}
