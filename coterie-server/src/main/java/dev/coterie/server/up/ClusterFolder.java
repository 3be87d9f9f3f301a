// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import dev.coterie.server.config.ClusterSecret;
import dev.coterie.server.config.FileTrouble;
import dev.coterie.server.remote.ClusterFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder of a local cluster, held by this process until it is closed (INV-one-up). See the
/// package's page for what lies in it.
public final class ClusterFolder implements AutoCloseable {
  public static final int NODES_STANDARD = 3;
  public static final int NODES_MAX = 50;

  /// What the ids of all clusters begin with that `./coterie up` makes.
  static final String ID_PREFIX = "local-";

  private static final String LOCK = "up.lock";
  private static final String SECRET = "secret";
  private static final String GATE = "gate.sock";

  private final Path folder;
  private final FileChannel lockFile;
  private final String cluster;
  private final List<String> ids;
  private final Origin origin;

  /// How this process came to know the cluster.
  private enum Origin {
    BORN,
    FILE,
    /// `cluster.json` is lost or damaged; the nodes' configurations say the same.
    CONFIGURATIONS
  }

  private ClusterFolder(
      Path folder, FileChannel lockFile, String cluster, List<String> ids, Origin origin) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.cluster = cluster;
    this.ids = List.copyOf(ids);
    this.origin = origin;
  }

  /// Takes up the cluster in `folder`, or prepares a new one there.
  ///
  /// @param nodes how many nodes it must have; null for as many as it has, or 3
  public static ClusterFolder open(Path folder, @Nullable Integer nodes) throws UpFailure {
    Path absolute = folder.toAbsolutePath().normalize();
    if (nodes != null && (nodes < 1 || nodes > NODES_MAX)) {
      throw new UpFailure("--nodes is " + nodes + " but must be from 1 to " + NODES_MAX);
    }
    FileChannel lockFile = null;
    try {
      Files.createDirectories(absolute);
      boolean known =
          Files.exists(absolute.resolve(ClusterFile.NAME)) || Configured.of(absolute) != null;
      if (!known) {
        refuseForeign(absolute);
      }
      lockFile = lock(absolute);
      ClusterFolder opened =
          known ? takeUp(absolute, lockFile, nodes) : create(absolute, lockFile, nodes);
      lockFile = null;
      return opened;
    } catch (IOException e) {
      throw new UpFailure("the folder " + absolute + " cannot be used: " + FileTrouble.of(e));
    } finally {
      closeQuietly(lockFile);
    }
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException _) {
      // The lock goes with this process at the latest.
    }
  }

  private static void refuseForeign(Path folder) throws IOException, UpFailure {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> foreign = entries.filter(entry -> !isOfUnborn(entry)).toList();
      if (!foreign.isEmpty()) {
        throw new UpFailure(
            folder
                + " is not empty and holds no "
                + ClusterFile.NAME
                + ", so it is not a cluster's folder: name another one with --dir");
      }
    }
  }

  /// Whether a start that was refused or cut off before its first node ran may have left `entry`: a
  /// taken port, for one, is found out after the secret is made. No node has data there yet.
  private static boolean isOfUnborn(Path entry) {
    String name = String.valueOf(entry.getFileName());
    return switch (name) {
      case LOCK, "up.log", SECRET, GATE, ClusterFile.NAME + ".new" -> true;
      default ->
          name.matches("n\\d+")
              && Files.exists(entry.resolve("config.toml"))
              && !Files.exists(entry.resolve("data"));
    };
  }

  private static FileChannel lock(Path folder) throws IOException, UpFailure {
    Path file = folder.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      // This very process holds it.
    }
    if (lock == null) {
      long pid = runningPid(folder);
      channel.close();
      throw new UpFailure(
          "the cluster in "
              + folder
              + " is running already, by process "
              + (pid == 0 ? "(unknown)" : pid)
              + ": stop it with Ctrl-C there or ./coterie down --dir "
              + folder
              + ", or name another folder with --dir");
    }
    channel.truncate(0);
    ByteBuffer pid =
        ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
    while (pid.hasRemaining()) {
      int unused = channel.write(pid);
    }
    return channel;
  }

  /// The process that holds `folder`'s lock; 0 where nobody does.
  public static long runningPid(Path folder) throws IOException {
    Path file = folder.resolve(LOCK);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      try (FileLock lock = channel.tryLock()) {
        if (lock != null) {
          return 0;
        }
      } catch (OverlappingFileLockException _) {
        return ProcessHandle.current().pid();
      }
      String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    } catch (NoSuchFileException _) {
      return 0;
    }
  }

  private static ClusterFolder takeUp(Path folder, FileChannel lock, @Nullable Integer nodes)
      throws IOException, UpFailure {
    String cluster;
    List<String> ids = new ArrayList<>();
    Origin origin = Origin.FILE;
    try {
      ClusterFile file = ClusterFile.read(folder);
      cluster = file.cluster();
      for (ClusterFile.Entry node : file.nodes()) {
        ids.add(node.id());
      }
    } catch (ClusterFile.Unusable e) {
      Configured configured = Configured.of(folder);
      if (configured == null) {
        throw new UpFailure(
            e.sentence() + "; if the file is beyond repair, start a new cluster with --dir");
      }
      cluster = configured.cluster();
      ids.addAll(configured.ids());
      origin = Origin.CONFIGURATIONS;
    }
    if (nodes != null && nodes != ids.size()) {
      throw new UpFailure(
          "the cluster in "
              + folder
              + " was born with "
              + ids.size()
              + " nodes and --nodes asks for "
              + nodes
              + ": members are given at birth, so leave --nodes out, or start a new cluster with"
              + " --dir");
    }
    if (!Files.exists(folder.resolve(SECRET))) {
      throw new UpFailure(
          "the secret of the cluster in "
              + folder
              + " is gone ("
              + folder.resolve(SECRET)
              + "): without it its keys cannot be found; restore it, or start a new cluster with"
              + " --dir");
    }
    return new ClusterFolder(folder, lock, cluster, ids, origin);
  }

  private static ClusterFolder create(Path folder, FileChannel lock, @Nullable Integer nodes)
      throws IOException {
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    String cluster = ID_PREFIX + HexFormat.of().formatHex(random);
    if (!Files.exists(folder.resolve(SECRET))) {
      ClusterSecret.create(folder.resolve(SECRET));
    }
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= (nodes == null ? NODES_STANDARD : nodes); i++) {
      ids.add("n" + i);
    }
    return new ClusterFolder(folder, lock, cluster, ids, Origin.BORN);
  }

  public Path path() {
    return folder;
  }

  public String cluster() {
    return cluster;
  }

  public List<String> ids() {
    return ids;
  }

  /// Whether the cluster was born just now.
  public boolean isNew() {
    return origin == Origin.BORN;
  }

  /// Whether `cluster.json` was lost or damaged, and what it must say was learnt from the nodes'
  /// configurations; the file is written again at the start.
  public boolean isRestored() {
    return origin == Origin.CONFIGURATIONS;
  }

  public Path configFile(String id) {
    return folder.resolve(id).resolve("config.toml");
  }

  public Path logFile(String id) {
    return folder.resolve(id).resolve("node.log");
  }

  public Path dataFolder(String id) {
    return folder.resolve(id).resolve("data");
  }

  /// The socket by which a cluster is reached whose nodes stand in a network of their own.
  public static Path gate(Path folder) {
    return folder.toAbsolutePath().normalize().resolve(GATE);
  }

  /// The mark by which `./coterie cluster restart` asks the process that runs the cluster to start
  /// a node again once it has ended.
  public static Path restartMark(Path folder, String id) {
    return folder.resolve(id).resolve("restart");
  }

  /// Takes the mark of node `id` away.
  ///
  /// @return whether there was one
  public boolean takeRestartMark(String id) throws IOException {
    return Files.deleteIfExists(restartMark(folder, id));
  }

  /// Writes every node's configuration for these addresses (one for each id, in their order).
  ///
  /// @param shards among how many each node spreads its partitions
  public void writeConfigs(List<NodePorts> ports, int shards) throws IOException {
    for (int i = 0; i < ids.size(); i++) {
      Files.createDirectories(folder.resolve(ids.get(i)));
      Files.writeString(configFile(ids.get(i)), config(ids.get(i), ports.get(i), ports, shards));
    }
  }

  private String config(String id, NodePorts own, List<NodePorts> ports, int shards) {
    StringBuilder out = new StringBuilder();
    out.append(
        "# Written by ./coterie up at each start. Every key: ./coterie node --print-config\n");
    out.append("# This node alone, in the foreground: ./coterie node --config FILE\n\n");
    if (!own.http().isLoopback()) {
      out.append("insecure = true  # inside a network of its own (./coterie chaos --hold)\n\n");
    }
    out.append("[node]\nid = \"")
        .append(id)
        .append("\"\ndata_dir = \"data\"\nshards = ")
        .append(shards);
    out.append("\n\n");
    out.append("[cluster]\nid = \"").append(cluster).append("\"\nsecret_file = \"../secret\"\n\n");
    for (int i = 0; i < ids.size(); i++) {
      out.append("[[cluster.members]]\nid = \"").append(ids.get(i)).append("\"\npeer = \"");
      out.append(ports.get(i).peer()).append("\"\n");
      out.append("# A label of its own, although all nodes share this computer.\n");
      out.append("machine = \"").append(ids.get(i)).append("-machine\"\n\n");
    }
    out.append("[http]\nlisten = \"").append(own.http()).append("\"\n\n");
    out.append("[peer]\nlisten = \"").append(own.peer()).append("\"\n\n");
    out.append("[admin]\nlisten = \"").append(own.admin()).append("\"\n");
    if (own.admin().isLoopback()) {
      out.append("lab_folder = \"..\"  # the Lab's page may stop the other nodes and cut links\n");
    }
    return out.toString();
  }

  /// Writes `cluster.json` of nodes that are not running.
  void writeStopped(List<NodeSite> sites) throws IOException {
    List<ClusterFile.Entry> entries = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      String id = ids.get(i);
      entries.add(sites.get(i).entry(id, 0, dataFolder(id).toString()));
    }
    new ClusterFile(cluster, entries).write(folder);
  }

  @Override
  public void close() {
    closeQuietly(lockFile);
  }
}
