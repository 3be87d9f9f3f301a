// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A host and a TCP port, as written in a configuration: `127.0.0.1:8098`, `[::1]:8098`,
/// `db1:8098`.
///
/// @param host a name or a literal address, without brackets
/// @param port 1 to 65,535
public record HostPort(String host, int port) {
  private static final int HOST_LENGTH_MAX = 255;

  /// The address that `text` names; null where it names none.
  public static @Nullable HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return null;
    }
    String host = text.substring(0, colon);
    String digits = text.substring(colon + 1);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (host.indexOf(':') < 0) {
        return null;
      }
    } else if (host.indexOf(':') >= 0) {
      return null;
    }
    if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(HostPort::isDigit)) {
      return null;
    }
    int port = Integer.parseInt(digits);
    boolean fine =
        port >= 1
            && port <= 65_535
            && !host.isEmpty()
            && host.length() <= HOST_LENGTH_MAX
            && host.chars().allMatch(HostPort::isOfHost);
    return fine ? new HostPort(host, port) : null;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isOfHost(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || isDigit(c)
        || c == '.'
        || c == '-'
        || c == '_'
        || c == ':'
        || c == '%';
  }

  /// Whether only this computer can reach it. Decided from the text, without asking a name server:
  /// a name other than `localhost` counts as reachable from elsewhere.
  public boolean isLoopback() {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.equals("localhost")
        || lower.equals("::1")
        || lower.equals("0:0:0:0:0:0:0:1")
        || lower.matches("127(\\.\\d{1,3}){3}");
  }

  /// The address to bind or to connect to; resolves a name.
  public InetSocketAddress address() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
