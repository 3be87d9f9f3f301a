// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import dev.coterie.server.config.FileTrouble;
import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.ClusterReport;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.NodeReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The processes of a local cluster, from their start until they are taken down together.
public final class LocalCluster implements AutoCloseable {
  private static final long STOP_MILLIS = 15_000;
  private static final long PORT_WAIT_MILLIS = 10_000;
  private static final long POLL_NANOS = 50_000_000;
  private static final long REFRESH_NANOS = 1_000_000_000;

  /// So long at most the first quorum write waits until nodes see each other: one that is tried
  /// before fails, and counts among what clients did not get. On a busy machine three processes
  /// take seconds to start; only where a node lives and does not serve is the wait in vain.
  private static final long SIGHT_MILLIS = 20_000;

  /// The key that the first quorum write goes to.
  private static final String PROBE_PATH = "/buckets/coterie.up/keys/ready";

  private final ClusterFolder folder;
  private final List<ChildNode> nodes;
  private final long startedNanos = System.nanoTime();

  private LocalCluster(ClusterFolder folder, List<ChildNode> nodes) {
    this.folder = folder;
    this.nodes = List.copyOf(nodes);
  }

  /// Starts the nodes of `folder` on these sites, one for each id. Takes down what it started if
  /// one of them cannot be. Closing the cluster closes `folder`.
  ///
  /// @param shards among how many each node spreads its partitions
  public static LocalCluster start(ClusterFolder folder, List<NodeSite> sites, int shards)
      throws UpFailure {
    List<NodePorts> ports = sites.stream().map(NodeSite::listens).toList();
    if (sites.stream().allMatch(NodeSite::isLoopback)) {
      awaitPorts(folder, ports);
    }
    List<ChildNode> started = new ArrayList<>();
    LocalCluster cluster = null;
    try {
      folder.writeConfigs(ports, shards);
      // Before the first node runs: a start that is cut off here can be taken up again.
      folder.writeStopped(sites);
      for (int i = 0; i < sites.size(); i++) {
        started.add(ChildNode.start(folder, folder.ids().get(i), sites.get(i)));
      }
      cluster = new LocalCluster(folder, started);
      cluster.writeFile();
      return cluster;
    } catch (IOException e) {
      throw new UpFailure(
          "the folder " + folder.path() + " cannot be written: " + FileTrouble.of(e));
    } finally {
      if (cluster == null) {
        stopAll(started);
      }
    }
  }

  /// The nodes of a `./coterie up` that was killed take a moment to notice and to let go of their
  /// ports.
  private static void awaitPorts(ClusterFolder folder, List<NodePorts> ports) throws UpFailure {
    long deadline = System.nanoTime() + PORT_WAIT_MILLIS * 1_000_000;
    while (true) {
      List<NodePorts.Taken> taken = new ArrayList<>();
      for (int i = 0; i < ports.size(); i++) {
        taken.addAll(ports.get(i).taken(folder.ids().get(i)));
      }
      if (taken.isEmpty()) {
        return;
      }
      boolean ours = taken.stream().allMatch(address -> isOurs(folder, address.holder().pid()));
      if (!ours || System.nanoTime() - deadline > 0) {
        List<String> sentences = taken.stream().map(NodePorts.Taken::sentence).toList();
        throw new UpFailure(
            String.join("; ", sentences)
                + ": stop what holds "
                + (taken.size() == 1 ? "it" : "them")
                + ", or take free ports with --ports auto");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /// Whether `pid` is a node of this very folder, left over from before.
  private static boolean isOurs(ClusterFolder folder, long pid) {
    return pid != 0 && commandLine(pid).contains(folder.path() + "/");
  }

  private static String commandLine(long pid) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "";
    }
  }

  public List<ChildNode> nodes() {
    return nodes;
  }

  public ClusterFolder folder() {
    return folder;
  }

  /// The cluster as its folder's file has it now.
  public ClusterFile file() {
    return new ClusterFile(folder.cluster(), nodes.stream().map(ChildNode::entry).toList());
  }

  private ClusterFile fileHere() {
    return new ClusterFile(folder.cluster(), nodes.stream().map(ChildNode::entryHere).toList());
  }

  /// Writes `cluster.json`; to be called whenever a process has come or gone.
  public void writeFile() throws IOException {
    file().write(folder.path());
  }

  /// Waits until a write at quorum passes.
  ///
  /// @param timeoutMillis from this call on
  /// @return how long after the start that was, in ms
  /// @throws UpFailure when a node ends meanwhile, or time is up
  public long awaitQuorumWrite(long timeoutMillis) throws UpFailure {
    NodeHttp http = new NodeHttp(500, 2_000);
    List<HostPort> addresses = nodes.stream().map(node -> node.ports().http()).toList();
    String last = "nobody answered yet";
    long calledNanos = System.nanoTime();
    while (System.nanoTime() - calledNanos < timeoutMillis * 1_000_000L) {
      for (ChildNode node : nodes) {
        if (node.hasDied()) {
          throw new UpFailure(node.obituary());
        }
      }
      boolean early = System.nanoTime() - calledNanos < SIGHT_MILLIS * 1_000_000L;
      last = early && !seeEachOther(http) ? last : probe(new KeyClient(http, addresses));
      if (last == null) {
        return millisSinceStart();
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    throw new UpFailure(
        "no write passed within "
            + timeoutMillis
            + " ms ("
            + last
            + "); see the nodes' logs in "
            + folder.path()
            + "/n*/node.log");
  }

  /// Whether each node serves, and is connected with all others.
  private boolean seeEachOther(NodeHttp http) {
    for (ChildNode node : nodes) {
      NodeReport report = NodeReport.read(http, node.entryHere());
      if (!report.serves() || !report.peers().stream().allMatch(NodeReport.Peer::connected)) {
        return false;
      }
    }
    return true;
  }

  /// Writes the probe's key; null if that passed, else why it did not.
  private static @Nullable String probe(KeyClient client) {
    String seen =
        switch (client.get(PROBE_PATH, "r=quorum&timeout=1000")) {
          case Answer.Found found -> found.context();
          case Answer.Missing missing -> missing.context();
          case Answer.Rejected _, Answer.Unreachable _, Answer.Applied _, Answer.Indeterminate _ ->
              null;
        };
    if (seen == null) {
      return "reads are not answered yet";
    }
    KeyClient.Put put =
        new KeyClient.Put(
            "up".getBytes(StandardCharsets.US_ASCII), seen, Map.of("Content-Type", "text/plain"));
    return switch (client.put(PROBE_PATH, "w=quorum&timeout=1000", put)) {
      case Answer.Applied _ -> null;
      case Answer.Rejected(_, String sentence, _) -> sentence;
      case Answer.Indeterminate(String sentence, _) -> sentence;
      case Answer.Unreachable(List<String> sentences) -> String.join("; ", sentences);
      case Answer.Found _, Answer.Missing _ -> "an answer that makes no sense";
    };
  }

  /// Keeps the nodes until none is left: says which of them ended by itself, and starts again those
  /// that `./coterie cluster restart` or a live run has marked.
  ///
  /// @param shows whether `table` shows how they stand
  public void watch(LiveTable table, boolean shows) throws IOException {
    NodeHttp http = new NodeHttp(500, 1_000);
    TreeSet<String> buried = new TreeSet<>();
    while (true) {
      boolean anyAlive = false;
      for (ChildNode node : nodes) {
        if (!node.isAlive() && folder.takeRestartMark(node.id())) {
          startAgain(node, table);
          buried.remove(node.id());
        }
        anyAlive |= node.isAlive();
        if (node.hasDied() && buried.add(node.id())) {
          table.say(
              node.obituary() + "\n  the others go on; start it again with: " + node.revival());
          writeFile();
        }
      }
      if (!anyAlive) {
        table.say("no node is left");
        return;
      }
      if (shows) {
        table.show(ClusterReport.read(http, fileHere()));
      }
      LockSupport.parkNanos(REFRESH_NANOS);
    }
  }

  private void startAgain(ChildNode node, LiveTable table) throws IOException {
    try {
      node.restart();
      table.say(node.id() + ": started again, as was asked");
    } catch (UpFailure e) {
      table.say(e.sentence());
    }
    writeFile();
  }

  private long millisSinceStart() {
    return (System.nanoTime() - startedNanos) / 1_000_000;
  }

  /// Stops all nodes and waits until they are gone.
  @Override
  public void close() {
    stopAll(nodes);
    try {
      writeFile();
    } catch (IOException _) {
      // The pids in it are stale then; the lock tells the truth.
    }
    folder.close();
  }

  private static void stopAll(List<ChildNode> nodes) {
    for (ChildNode node : nodes) {
      node.stop();
    }
    for (ChildNode node : nodes) {
      boolean unused = node.awaitStop(STOP_MILLIS);
    }
  }
}
