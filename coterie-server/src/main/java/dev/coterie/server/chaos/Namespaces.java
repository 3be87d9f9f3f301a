// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.shell.Shell;
import dev.coterie.server.up.NodePorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A network namespace for each node, all on one bridge, inside the run's [Enclosure]; clients reach
/// them from the enclosure itself over the bridge. Links are cut by packet filters on the receiving
/// side: a sender notices nothing, as with a real cut.
///
///     enclosure   bridge 10.77.0.254 ── v1 ─── eth0 10.77.0.1   namespace n1
///      (clients)                     ── v2 ─── eth0 10.77.0.2   namespace n2
final class Namespaces implements Network {
  private static final String SUBNET = "10.77.0.";
  private static final String BRIDGE = "bridge";
  private static final String CLIENTS = SUBNET + "254";
  private static final int HTTP = 8098;

  private final int nodes;

  private Namespaces(int nodes) {
    this.nodes = nodes;
  }

  /// Sets them up, and tells `means` what is missing.
  static Namespaces create(int nodes, Means means) throws Shell.Failed {
    // The lists of namespaces and the packet filter's lock are this run's own.
    Shell.must("mount", "-t", "tmpfs", "tmpfs", "/run");
    Shell.must("ip", "link", "set", "lo", "up");
    Shell.must("ip", "link", "add", "name", BRIDGE, "type", "bridge");
    Shell.must("ip", "link", "set", BRIDGE, "up");
    Shell.must("ip", "addr", "add", CLIENTS + "/24", "dev", BRIDGE);
    for (int node = 0; node < nodes; node++) {
      String name = name(node);
      String link = "v" + (node + 1);
      Shell.must("ip", "netns", "add", name);
      Shell.must("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name);
      Shell.must("ip", "link", "set", link, "master", BRIDGE, "up");
      Shell.must("ip", "-n", name, "link", "set", "lo", "up");
      Shell.must("ip", "-n", name, "addr", "add", SUBNET + (node + 1) + "/24", "dev", "eth0");
      Shell.must("ip", "-n", name, "link", "set", "eth0", "up");
    }
    Namespaces made = new Namespaces(nodes);
    made.probe(means);
    return made;
  }

  private void probe(Means means) {
    try {
      slow(0);
      slowNoMore(0);
    } catch (Shell.Failed e) {
      means.lacks(FaultKind.SLOW_LINK, e.sentence());
    }
    if (!Shell.has("iptables")) {
      for (FaultKind kind : FaultKind.values()) {
        if (kind.touch() == FaultKind.Touch.NETWORK && kind != FaultKind.SLOW_LINK) {
          means.lacks(kind, "there is no iptables (package iptables)");
        }
      }
      return;
    }
    try {
      cut(0, nodes - 1);
      restore(0, nodes - 1);
    } catch (Shell.Failed e) {
      for (FaultKind kind : FaultKind.values()) {
        if (kind.touch() == FaultKind.Touch.NETWORK && kind != FaultKind.SLOW_LINK) {
          means.lacks(kind, e.sentence());
        }
      }
    }
    try {
      lose(0, 1);
      loseNothing(0, 1);
    } catch (Shell.Failed e) {
      means.lacks(FaultKind.LOSS, e.sentence());
    }
  }

  private static String name(int node) {
    return "n" + (node + 1);
  }

  /// Where the nodes listen, each in its own: the ports are the same in all of them.
  static List<NodePorts> ports(int nodes) {
    List<NodePorts> ports = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      String host = SUBNET + (node + 1);
      ports.add(
          new NodePorts(
              new HostPort(host, HTTP),
              new HostPort(host, HTTP + 1),
              new HostPort(host, HTTP - 1)));
    }
    return ports;
  }

  /// A path to the namespace of `node` that is good outside of the enclosure too, while this
  /// process lives.
  static String path(int node) {
    String pid = Long.toString(ProcessHandle.current().pid());
    return Path.of("/proc", pid, "root") + inside(node);
  }

  private static String inside(int node) {
    return "/run/netns/" + name(node);
  }

  @Override
  public String host(int node) {
    return SUBNET + (node + 1);
  }

  @Override
  public List<String> prefix(int node) {
    // Not by ip netns exec: that makes a mount namespace too, in which a disk whose power was cut
    // would
    // stay mounted.
    return List.of("nsenter", "--net=" + inside(node));
  }

  @Override
  public void cut(int deaf, int other) throws Shell.Failed {
    drop("-I", deaf, "-s", host(other));
  }

  @Override
  public void restore(int deaf, int other) throws Shell.Failed {
    drop("-D", deaf, "-s", host(other));
  }

  @Override
  public void lose(int node, long percent) throws Shell.Failed {
    lose("-I", node, percent);
  }

  @Override
  public void loseNothing(int node, long percent) throws Shell.Failed {
    lose("-D", node, percent);
  }

  @Override
  public void slow(int node) throws Shell.Failed {
    String rate = "root tbf rate 256kbit burst 4kb latency 4000ms";
    Shell.must(("tc -n " + name(node) + " qdisc replace dev eth0 " + rate).split(" ", -1));
  }

  @Override
  public void slowNoMore(int node) throws Shell.Failed {
    Shell.must("tc", "-n", name(node), "qdisc", "del", "dev", "eth0", "root");
  }

  private static void lose(String action, int node, long percent) throws Shell.Failed {
    String share = "0." + (percent < 10 ? "0" : "") + percent;
    drop(
        action,
        node,
        "!",
        "-s",
        CLIENTS,
        "-m",
        "statistic",
        "--mode",
        "random",
        "--probability",
        share);
  }

  private static void drop(String action, int node, String... which) throws Shell.Failed {
    List<String> command =
        new ArrayList<>(
            List.of("ip", "netns", "exec", name(node), "iptables", "-w", action, "INPUT"));
    command.addAll(List.of(which));
    command.addAll(List.of("-j", "DROP"));
    Shell.must(command.toArray(String[]::new));
  }

  @Override
  public void heal() throws Shell.Failed {
    for (int node = 0; node < nodes && Shell.has("iptables"); node++) {
      Shell.must("ip", "netns", "exec", name(node), "iptables", "-w", "-F", "INPUT");
      Shell.may("tc", "-n", name(node), "qdisc", "del", "dev", "eth0", "root");
    }
  }

  @Override
  public String describe() {
    return "each in a network namespace of its own ("
        + host(0)
        + " to "
        + host(nodes - 1)
        + ") on a bridge";
  }
}
