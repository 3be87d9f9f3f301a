// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.shell.Shell;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Cuts between the nodes of a local cluster, by the kernel's packet filter: what one node sends to
/// another's peer listener, or answers from its own, is dropped on its way in. Each node has a
/// loopback address of its own for its peers, so the filter can tell them apart; nothing else on
/// this computer has to do with those addresses and ports. Needs root and `iptables`.
///
/// The rules stand in a chain of the cluster's own. A shell that reads from a pipe takes it away
/// when the pipe ends: when the cuts are closed, and when this process dies, however it dies
/// (INV-rules-go of [Cuts]). Should that shell be killed too, the next run, `./coterie up` and
/// `./coterie down` find the chain and take it away.
public final class LoopbackCuts implements Cuts {
  /// Held while there may be a chain; stays behind where it was left.
  private static final String MARK = "cuts.lock";

  private static final long SECONDS_MAX = 30;
  private static final int CHAIN_LENGTH_MAX = 28;

  private final List<ClusterFile.Entry> nodes;
  private final String chain;
  private final Path mark;
  private final FileChannel lock;
  private final Process keeper;

  private LoopbackCuts(
      List<ClusterFile.Entry> nodes, String chain, Path mark, FileChannel lock, Process keeper) {
    this.nodes = List.copyOf(nodes);
    this.chain = chain;
    this.mark = mark;
    this.lock = lock;
    this.keeper = keeper;
  }

  /// Makes sure that cuts are to be had in the cluster of `folder`.
  ///
  /// @throws UpFailure saying what is needed where they are not
  public static LoopbackCuts open(Path folder, ClusterFile cluster) throws UpFailure {
    TreeSet<String> hosts = new TreeSet<>();
    cluster.nodes().forEach(node -> hosts.add(node.peer().host()));
    if (hosts.size() < cluster.nodes().size()) {
      throw new UpFailure(
          "the nodes share the address "
              + hosts.first()
              + ", so the packet filter cannot tell them apart: start the cluster again with"
              + " ./coterie up, on Linux");
    }
    Shell.Result version = Shell.run(List.of("iptables", "--version"));
    if (!version.ok()) {
      throw new UpFailure("there is no iptables (package iptables; on Linux, as root)");
    }
    Shell.Result look = Shell.run(List.of("iptables", "-w", "-S", "INPUT"));
    if (!look.ok()) {
      throw new UpFailure("iptables cannot be used here, root is needed (" + look.line() + ")");
    }
    Path mark = folder.resolve(MARK);
    FileChannel lock = lock(mark);
    if (lock == null) {
      throw new UpFailure("another run cuts this cluster's links: wait for its end");
    }
    String chain = chain(cluster.cluster());
    Process keeper = null;
    try {
      Shell.Result made = Shell.run(List.of("sh", "-c", remove(chain) + "; " + make(chain)));
      if (!made.ok()) {
        Shell.Result _ = Shell.run(List.of("sh", "-c", remove(chain)));
        throw new UpFailure("iptables takes no rules here (" + made.line() + ")");
      }
      keeper =
          Shell.builder(
                  List.of("sh", "-c", "trap '' INT TERM HUP; cat >/dev/null; " + remove(chain)))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new LoopbackCuts(cluster.nodes(), chain, mark, lock, keeper);
    } catch (IOException e) {
      Shell.Result _ = Shell.run(List.of("sh", "-c", remove(chain)));
      throw new UpFailure("sh cannot be run: " + e.getMessage());
    } finally {
      if (keeper == null) {
        release(mark, lock);
      }
    }
  }

  /// Takes away what a run has left that was killed together with its shell.
  ///
  /// @return what was done or could not be, in a sentence; null where there was nothing
  public static @Nullable String removeLeftOver(Path folder, String cluster) {
    Path mark = folder.resolve(MARK);
    if (!Files.exists(mark)) {
      return null;
    }
    FileChannel lock;
    try {
      lock = lock(mark);
    } catch (UpFailure e) {
      return e.sentence();
    }
    if (lock == null) {
      return null;
    }
    String chain = chain(cluster);
    boolean there = Shell.run(List.of("iptables", "-w", "-S", chain)).ok();
    if (!there) {
      release(mark, lock);
      return null;
    }
    Shell.Result removed = Shell.run(List.of("sh", "-c", remove(chain)));
    if (removed.ok()) {
      release(mark, lock);
      return "cuts that a killed run had left are taken back";
    }
    closeQuietly(lock);
    return "cuts that a killed run has left cannot be taken back ("
        + removed.line()
        + "); as root: "
        + remove(chain);
  }

  @Override
  public void cut(List<Integer> from, List<Integer> to) throws UpFailure {
    change("-A", from, to);
  }

  @Override
  public void restore(List<Integer> from, List<Integer> to) throws UpFailure {
    change("-D", from, to);
  }

  /// All of it in one step.
  private void change(String action, List<Integer> from, List<Integer> to) throws UpFailure {
    StringBuilder rules = new StringBuilder("*filter\n");
    for (int sender : from) {
      for (int receiver : to) {
        ClusterFile.Entry one = nodes.get(sender);
        ClusterFile.Entry other = nodes.get(receiver);
        String both = " -i lo -p tcp -s " + one.peer().host() + " -d " + other.peer().host();
        // On connections that the sender has dialled, and on those that it has taken.
        rules.append(action).append(' ').append(chain).append(both);
        rules.append(" --dport ").append(other.peer().port()).append(" -j DROP\n");
        rules.append(action).append(' ').append(chain).append(both);
        rules.append(" --sport ").append(one.peer().port()).append(" -j DROP\n");
      }
    }
    Shell.Result ran =
        Shell.run(
            List.of("iptables-restore", "-w", "--noflush"), rules.append("COMMIT\n").toString());
    if (!ran.ok()) {
      throw new UpFailure("iptables-restore ended with " + ran.exit() + ": " + ran.line());
    }
  }

  /// Takes all rules back.
  @Override
  public void close() {
    try {
      keeper.getOutputStream().close();
      if (!keeper.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        keeper.destroyForcibly();
      }
    } catch (IOException _) {
      // It has ended already: somebody has killed it.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (Shell.run(List.of("iptables", "-w", "-S", chain)).ok()) {
      Shell.Result _ = Shell.run(List.of("sh", "-c", remove(chain)));
    }
    release(mark, lock);
  }

  static String chain(String cluster) {
    String name = "coterie-" + cluster;
    return name.length() <= CHAIN_LENGTH_MAX
        ? name
        : "coterie-" + Integer.toHexString(cluster.hashCode());
  }

  private static String make(String chain) {
    return "iptables -w -N " + chain + " && iptables -w -I INPUT -j " + chain;
  }

  private static String remove(String chain) {
    return "while iptables -w -D INPUT -j "
        + chain
        + " 2>/dev/null; do :; done; if iptables -w -S "
        + chain
        + " >/dev/null 2>&1; then iptables -w -F "
        + chain
        + " && iptables -w -X "
        + chain
        + "; fi";
  }

  private static @Nullable FileChannel lock(Path mark) throws UpFailure {
    try {
      FileChannel channel =
          FileChannel.open(mark, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock held = null;
      try {
        held = channel.tryLock();
      } catch (OverlappingFileLockException _) {
        // This very process holds it.
      }
      if (held == null) {
        channel.close();
        return null;
      }
      return channel;
    } catch (IOException e) {
      throw new UpFailure(mark + " cannot be written: " + e.getMessage());
    }
  }

  private static void release(Path mark, FileChannel lock) {
    try {
      Files.deleteIfExists(mark);
    } catch (IOException _) {
      // Whoever finds it looks for a chain and finds none.
    }
    closeQuietly(lock);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // The lock goes with this process at the latest.
    }
  }
}
