// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Somebody who uses the Lab, as far as budgets tell people apart: by the address that a connection
/// comes from, which nobody can make up. All who come through one tunnel or proxy are one visitor;
/// so is a whole IPv6 network of 64 bits, which one machine may fill with addresses.
public record Visitor(String address) {
  /// Who comes from this machine without a connection.
  public static final Visitor HERE = new Visitor("here");

  private static final int NETWORK_BYTES = 8;

  public static Visitor at(@Nullable SocketAddress from) {
    if (!(from instanceof InetSocketAddress known) || known.getAddress() == null) {
      return HERE;
    }
    byte[] bytes = known.getAddress().getAddress();
    return known.getAddress() instanceof Inet6Address
        ? new Visitor(HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES)))
        : new Visitor(known.getAddress().getHostAddress());
  }
}
