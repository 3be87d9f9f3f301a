// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.membership.MembershipConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// All that one node is told at its start. Each part is a section of the file; what a component
/// means, its unit, its default and what it costs stand in [ConfigKeys] and `docs/operations.md`.
/// What must hold between components is checked here, each with a sentence.
public record Config(
    Node node,
    Cluster cluster,
    Http http,
    Peer peer,
    Admin admin,
    Storage storage,
    Limits limits,
    Reads reads,
    Expiry expiry,
    Clocks clocks,
    Membership membership,
    Handoff handoff,
    AntiEntropy antiEntropy,
    boolean insecure) {
  private static final int FRAME_OVERHEAD_BYTES = 64 << 10;

  public Config {
    require(
        peer.frameBytesMax >= http.valueBytesMax + FRAME_OVERHEAD_BYTES,
        "peer.frame_bytes_max is %s and must be at least http.value_bytes_max + 64 KiB = %s",
        peer.frameBytesMax,
        http.valueBytesMax + FRAME_OVERHEAD_BYTES);
    require(
        cluster.members.stream().anyMatch(member -> member.id.equals(node.id)),
        "node.id is '%s', which is not among the members (%s): add it to [[cluster.members]] on"
            + " every node, or correct node.id",
        node.id,
        cluster.memberNames());
    Member self = cluster.member(node.id);
    require(
        node.machine.equals(self.machine),
        "node.machine is '%s', but its entry in [[cluster.members]] says '%s': all nodes must agree"
            + " on it, so make both equal or leave node.machine out",
        node.machine,
        self.machine);
    HostPort[] listeners = {http.listen, peer.listen, admin.listen};
    String[] names = {"http.listen", "peer.listen", "admin.listen"};
    for (int i = 0; i < listeners.length; i++) {
      require(
          insecure || listeners[i].isLoopback(),
          "%s is %s, which other computers can reach, and nothing is encrypted yet: use a loopback"
              + " address such as 127.0.0.1, or set insecure = true if only trusted computers reach"
              + " it",
          names[i],
          listeners[i]);
      for (int j = 0; j < i; j++) {
        require(
            !listeners[i].equals(listeners[j]),
            "%s and %s are both %s: give each a port of its own",
            names[j],
            names[i],
            listeners[i]);
      }
    }
  }

  /// The listeners that other computers can reach, as `http.listen = 10.0.0.1:8098`. Not empty only
  /// with `insecure = true`; to be logged at the start and every minute.
  public List<String> exposed() {
    List<String> exposed = new ArrayList<>();
    if (!http.listen.isLoopback()) {
      exposed.add("http.listen = " + http.listen);
    }
    if (!peer.listen.isLoopback()) {
      exposed.add("peer.listen = " + peer.listen);
    }
    if (!admin.listen.isLoopback()) {
      exposed.add("admin.listen = " + admin.listen);
    }
    return exposed;
  }

  /// @param machine never empty: its member entry's label where the file leaves it out
  /// @param dataDir absolute
  public record Node(NodeId id, String machine, Path dataDir, int shards) {}

  public record Cluster(
      String id, ClusterSecret secret, int partitions, int nMax, List<Member> members) {
    public Cluster {
      members = List.copyOf(members);
      require(!members.isEmpty(), "cluster.members is empty: list every node, this one included");
      for (int i = 0; i < members.size(); i++) {
        for (int j = 0; j < i; j++) {
          require(
              !members.get(i).id.equals(members.get(j).id),
              "cluster.members lists '%s' twice: node ids are unique",
              members.get(i).id);
          require(
              !members.get(i).peer.equals(members.get(j).peer),
              "cluster.members '%s' and '%s' have the same peer address %s",
              members.get(j).id,
              members.get(i).id,
              members.get(i).peer);
        }
      }
    }

    Member member(NodeId id) {
      for (Member member : members) {
        if (member.id.equals(id)) {
          return member;
        }
      }
      throw new IllegalArgumentException("no member " + id);
    }

    String memberNames() {
      List<String> names = new ArrayList<>();
      for (Member member : members) {
        names.add(member.id.name());
      }
      return String.join(", ", names);
    }
  }

  /// @param machine never empty: derived from `peer` where the file leaves it out
  /// @param rack empty where unknown; so for `zone`
  public record Member(
      NodeId id, HostPort peer, String machine, String rack, String zone, int weight) {}

  public record Http(
      HostPort listen,
      int valueBytesMax,
      int connectionsMax,
      int connectionsPerSourceMax,
      int inFlightMax,
      int inFlightPerConnectionMax,
      long timeoutMillis,
      long headerTimeoutMillis,
      long requestTimeoutMillis,
      long idleTimeoutMillis) {
    public Http {
      require(
          requestTimeoutMillis >= headerTimeoutMillis,
          "http.request_timeout_ms is %s and must be at least http.header_timeout_ms = %s",
          requestTimeoutMillis,
          headerTimeoutMillis);
    }
  }

  public record Peer(
      HostPort listen,
      long queueBytesMax,
      int frameBytesMax,
      long connectTimeoutMillis,
      long backoffMillisMax,
      long pingMillis,
      long pingTimeoutMillis) {
    public Peer {
      require(
          pingTimeoutMillis > pingMillis,
          "peer.ping_timeout_ms is %s and must be above peer.ping_ms = %s",
          pingTimeoutMillis,
          pingMillis);
      require(
          queueBytesMax >= frameBytesMax,
          "peer.queue_bytes_max is %s and must be at least peer.frame_bytes_max = %s",
          queueBytesMax,
          frameBytesMax);
    }
  }

  /// @param lab whether the Lab is offered
  /// @param labLive `loopback`, `on` or `off`
  /// @param labFolder of the `./coterie up` that runs this node; null for none
  public record Admin(
      HostPort listen,
      boolean lab,
      String labLive,
      @Nullable Path labFolder,
      double targetReadP99Millis,
      double targetWriteP99Millis,
      double targetSuccessPercent,
      double targetStalePercent) {
    /// Why the Lab's page may not run a workload on the cluster; empty where it may.
    public String labLiveRefusal() {
      return switch (labLive) {
        case "on" -> "";
        case "loopback" ->
            listen.isLoopback()
                ? ""
                : "this node's admin listener can be reached from other computers; admin.lab_live ="
                    + " \"on\" in its configuration and a restart allow runs on the cluster all the same";
        default ->
            "runs on the cluster are switched off on this node (admin.lab_live in its configuration)";
      };
    }
  }

  public record Storage(
      long blockCacheBytes, long writeBufferBytes, int openFilesMax, int backgroundThreads) {}

  public record Limits(int siblingsMax, int requestMemoryPercent) {}

  /// @param staleSampleOneIn 0 for none
  public record Reads(int staleSampleOneIn, long retryAfterMillis) {}

  /// @param graceMillis how far the wall clocks of two nodes may be apart
  public record Expiry(long graceMillis) {}

  /// @param skewMaxMillis how far a clock may be off that gives timestamps to last-write-wins
  ///   values
  public record Clocks(long skewMaxMillis) {}

  /// @param probeIntervalMillis 0 for what the preset says, as in the next two
  public record Membership(
      String preset,
      long probeIntervalMillis,
      long probeTimeoutMillis,
      int suspicionMult,
      int slowPercent) {
    public Membership {
      MembershipConfig standard = presetOf(preset);
      long interval =
          probeIntervalMillis > 0 ? probeIntervalMillis : standard.probeIntervalNanos() / 1_000_000;
      require(
          2 * probeTimeoutMillis <= interval,
          "membership.probe_timeout_ms is %s and must be at most half of the interval of %s ms",
          probeTimeoutMillis,
          interval);
    }

    private static MembershipConfig presetOf(String name) {
      return switch (name) {
        case "wan" -> MembershipConfig.wan();
        case "local" -> MembershipConfig.local();
        default -> MembershipConfig.lan();
      };
    }

    /// What the core is told.
    public MembershipConfig core() {
      MembershipConfig given = presetOf(preset);
      long interval =
          probeIntervalMillis > 0 ? probeIntervalMillis * 1_000_000 : given.probeIntervalNanos();
      long timeout =
          probeTimeoutMillis > 0
              ? probeTimeoutMillis * 1_000_000
              : Math.min(given.probeTimeoutNanos(), interval / 2);
      long most = Math.max(timeout, Math.min(given.probeTimeoutMaxNanos(), 4 * interval));
      return given
          .withProbes(interval, timeout, most)
          .withSuspicionMult(suspicionMult > 0 ? suspicionMult : given.suspicionMult())
          .withSlowPercent(slowPercent);
    }
  }

  public record Handoff(
      long hintAfterMillis, long hintBytesMax, long hintOwnerBytesMax, int creditsMax) {}

  /// @param clocks whether owners exchange clocks and logs
  /// @param reap whether tombstones and expired values go once every owner has seen them
  /// @param trees whether hash trees are proved and compared
  public record AntiEntropy(boolean clocks, boolean reap, boolean trees, long auditHours) {}

  private static void require(boolean holds, String sentence, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, sentence, values));
    }
  }
}
