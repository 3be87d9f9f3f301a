// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

import java.io.IOException;
import java.net.InetSocketAddress;

/// Other nodes cannot reach this one: its address cannot be listened on. The message names the
/// address and says what to do.
public final class ListenException extends IOException {
  private static final long serialVersionUID = 1L;

  ListenException(InetSocketAddress address, Throwable cause) {
    super(
        "cannot listen for other nodes on "
            + address.getHostString()
            + " port "
            + address.getPort()
            + " ("
            + cause.getMessage()
            + "): free the port or give this node another peer address",
        cause);
  }
}
