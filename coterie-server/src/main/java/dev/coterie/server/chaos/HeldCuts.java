// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.up.ClusterFolder;
import dev.coterie.server.up.Cuts;
import dev.coterie.server.up.UpFailure;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// Cuts between the nodes of a [HeldCluster], which carries them out itself when it is told through
/// its [Gate]; so they go with this connection.
public final class HeldCuts implements Cuts {
  private final SocketChannel gate;

  private HeldCuts(SocketChannel gate) {
    this.gate = gate;
  }

  /// Asks for the right to cut in the cluster of `folder`.
  ///
  /// @throws UpFailure where nobody holds it, or another run cuts its links
  public static HeldCuts open(Path folder) throws UpFailure {
    SocketChannel gate = null;
    HeldCuts cuts = null;
    try {
      gate = SocketChannel.open(UnixDomainSocketAddress.of(ClusterFolder.gate(folder)));
      HeldCuts opened = new HeldCuts(gate);
      opened.tell("cuts");
      cuts = opened;
      return cuts;
    } catch (IOException e) {
      throw new UpFailure(
          "nobody holds the cluster in "
              + folder
              + " ("
              + e.getMessage()
              + "): start it with ./coterie chaos --hold --dir "
              + folder);
    } finally {
      if (cuts == null && gate != null) {
        Splice.close(gate);
      }
    }
  }

  private void tell(String line) throws IOException, UpFailure {
    Splice.say(gate, line);
    String answer = Splice.hear(gate);
    if (!answer.equals(Gate.OK)) {
      throw new UpFailure(answer.isEmpty() ? "the cluster is no longer held" : answer);
    }
  }

  private void change(String verb, List<Integer> from, List<Integer> to) throws UpFailure {
    try {
      tell(verb + " " + numbers(from) + " " + numbers(to));
    } catch (IOException e) {
      throw new UpFailure("the cluster is no longer held (" + e.getMessage() + ")");
    }
  }

  private static String numbers(List<Integer> nodes) {
    return nodes.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  @Override
  public void cut(List<Integer> from, List<Integer> to) throws UpFailure {
    change("cut", from, to);
  }

  @Override
  public void restore(List<Integer> from, List<Integer> to) throws UpFailure {
    change("restore", from, to);
  }

  /// Returns when they are taken back.
  @Override
  public void close() {
    try {
      SocketChannel _ = gate.shutdownOutput();
      String _ = Splice.hear(gate);
    } catch (IOException _) {
      // Whoever held the cluster is gone, and its network with it.
    } finally {
      Splice.close(gate);
    }
  }
}
