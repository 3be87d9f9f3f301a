// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.shell.Shell;
import java.util.List;

/// All nodes on this computer's loopback address: nothing of it can be broken.
record Loopback(String reason) implements Network {
  /// Tells `means` what is missing here.
  static Loopback of(String reason, Means means) {
    for (FaultKind kind : FaultKind.values()) {
      if (kind.touch() == FaultKind.Touch.NETWORK) {
        means.lacks(kind, "no network namespaces: " + reason);
      }
    }
    return new Loopback(reason);
  }

  @Override
  public String host(int node) {
    return "127.0.0.1";
  }

  @Override
  public List<String> prefix(int node) {
    return List.of();
  }

  @Override
  public void cut(int deaf, int other) throws Shell.Failed {
    throw new Shell.Failed("loopback cannot be cut");
  }

  @Override
  public void restore(int deaf, int other) {}

  @Override
  public void lose(int node, long percent) throws Shell.Failed {
    throw new Shell.Failed("loopback loses nothing");
  }

  @Override
  public void loseNothing(int node, long percent) {}

  @Override
  public void slow(int node) throws Shell.Failed {
    throw new Shell.Failed("loopback is never slow");
  }

  @Override
  public void slowNoMore(int node) {}

  @Override
  public void heal() {}

  @Override
  public String describe() {
    return "on loopback, without namespaces of their own (" + reason + ")";
  }
}
