// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import dev.coterie.core.base.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A configuration file on disk and what became of reading it.
public final class ConfigFile {
  private static final long BYTES_MAX = 1 << 20;

  private ConfigFile() {}

  /// What reading a file gave.
  public sealed interface Result {}

  public record Loaded(Config config) implements Result {}

  /// @param sentences what is wrong, each with what to do; never empty
  public record Refused(List<String> sentences) implements Result {}

  /// Reads and checks `file` and the secret file that it names.
  public static Result load(Path file) {
    String text;
    try {
      if (Files.size(file) > BYTES_MAX) {
        return new Refused(List.of(file + " is larger than 1 MiB: is it a configuration file?"));
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return new Refused(
          List.of(
              file + " does not exist: write one with ./coterie node --print-config > " + file));
    } catch (IOException e) {
      return new Refused(List.of(file + " cannot be read: " + FileTrouble.of(e)));
    }
    Path folder = file.toAbsolutePath().normalize().getParent();
    return parse(text, folder == null ? Path.of("/") : folder);
  }

  /// Reads and checks `text`; relative paths in it start at `folder`.
  static Result parse(String text, Path folder) {
    ConfigReading reading = new ConfigReading(text);
    List<String> sentences = new ArrayList<>(reading.sentences());
    if (!sentences.isEmpty()) {
      return new Refused(sentences);
    }
    Build build = new Build(reading, folder);
    Config config = build.config(sentences);
    return config == null ? new Refused(sentences) : new Loaded(config);
  }

  /// Puts the records together; the relations that they check end up as sentences.
  private record Build(ConfigReading reading, Path folder) {
    @org.jspecify.annotations.Nullable
    Config config(List<String> sentences) {
      ClusterSecret secret = null;
      try {
        secret =
            ClusterSecret.read(
                folder.resolve(reading.value(ConfigKeys.CLUSTER_SECRET_FILE)).normalize());
      } catch (ConfigRefusal refusal) {
        sentences.add(refusal.sentence());
      }
      Config.Http http = null;
      try {
        http = http();
      } catch (IllegalArgumentException e) {
        sentences.add(String.valueOf(e.getMessage()));
      }
      Config.Peer peer = null;
      try {
        peer = peer();
      } catch (IllegalArgumentException e) {
        sentences.add(String.valueOf(e.getMessage()));
      }
      if (secret == null || http == null || peer == null) {
        return null;
      }
      try {
        Config.Cluster cluster =
            new Config.Cluster(
                reading.value(ConfigKeys.CLUSTER_ID),
                secret,
                whole(ConfigKeys.CLUSTER_PARTITIONS),
                whole(ConfigKeys.CLUSTER_N_MAX),
                members());
        return new Config(
            node(cluster),
            cluster,
            http,
            peer,
            new Config.Admin(
                reading.value(ConfigKeys.ADMIN_LISTEN),
                reading.value(ConfigKeys.ADMIN_LAB),
                reading.value(ConfigKeys.ADMIN_LAB_LIVE),
                labFolder(),
                reading.value(ConfigKeys.ADMIN_TARGET_READ_P99_MS),
                reading.value(ConfigKeys.ADMIN_TARGET_WRITE_P99_MS),
                reading.value(ConfigKeys.ADMIN_TARGET_SUCCESS_PERCENT),
                reading.value(ConfigKeys.ADMIN_TARGET_STALE_PERCENT)),
            new Config.Storage(
                reading.value(ConfigKeys.STORAGE_BLOCK_CACHE_BYTES),
                reading.value(ConfigKeys.STORAGE_WRITE_BUFFER_BYTES),
                whole(ConfigKeys.STORAGE_OPEN_FILES_MAX),
                whole(ConfigKeys.STORAGE_BACKGROUND_THREADS)),
            new Config.Limits(
                whole(ConfigKeys.LIMITS_SIBLINGS_MAX),
                whole(ConfigKeys.LIMITS_REQUEST_MEMORY_PERCENT)),
            new Config.Reads(
                whole(ConfigKeys.READS_STALE_SAMPLE_ONE_IN),
                reading.value(ConfigKeys.READS_RETRY_AFTER_MS)),
            new Config.Expiry(reading.value(ConfigKeys.EXPIRY_GRACE_MS)),
            new Config.Clocks(reading.value(ConfigKeys.CLOCKS_SKEW_MAX_MS)),
            new Config.Membership(
                reading.value(ConfigKeys.MEMBERSHIP_PRESET),
                reading.value(ConfigKeys.MEMBERSHIP_PROBE_INTERVAL_MS),
                reading.value(ConfigKeys.MEMBERSHIP_PROBE_TIMEOUT_MS),
                whole(ConfigKeys.MEMBERSHIP_SUSPICION_MULT),
                whole(ConfigKeys.MEMBERSHIP_SLOW_PERCENT)),
            new Config.Handoff(
                reading.value(ConfigKeys.HANDOFF_HINT_AFTER_MS),
                reading.value(ConfigKeys.HANDOFF_HINT_BYTES_MAX),
                reading.value(ConfigKeys.HANDOFF_HINT_OWNER_BYTES_MAX),
                whole(ConfigKeys.HANDOFF_CREDITS_MAX)),
            new Config.AntiEntropy(
                reading.value(ConfigKeys.ANTI_ENTROPY_CLOCKS),
                reading.value(ConfigKeys.ANTI_ENTROPY_REAP).equals("when_everywhere"),
                reading.value(ConfigKeys.ANTI_ENTROPY_TREES),
                reading.value(ConfigKeys.ANTI_ENTROPY_AUDIT_HOURS)),
            reading.value(ConfigKeys.INSECURE));
      } catch (IllegalArgumentException e) {
        sentences.add(String.valueOf(e.getMessage()));
        return null;
      }
    }

    private @Nullable Path labFolder() {
      String path = reading.value(ConfigKeys.ADMIN_LAB_FOLDER);
      return path.isEmpty() ? null : folder.resolve(path).normalize();
    }

    private Config.Node node(Config.Cluster cluster) {
      NodeId id = new NodeId(reading.value(ConfigKeys.NODE_ID));
      String machine = reading.value(ConfigKeys.NODE_MACHINE);
      if (machine.isEmpty()) {
        for (Config.Member member : cluster.members()) {
          machine = member.id().equals(id) ? member.machine() : machine;
        }
      }
      Path dataDir = folder.resolve(reading.value(ConfigKeys.NODE_DATA_DIR)).normalize();
      return new Config.Node(id, machine, dataDir, whole(ConfigKeys.NODE_SHARDS));
    }

    private List<Config.Member> members() {
      List<Config.Member> members = new ArrayList<>();
      for (ConfigReading.Table entry : reading.members()) {
        HostPort peer = entry.value(ConfigKeys.MEMBER_PEER);
        String machine = entry.value(ConfigKeys.MEMBER_MACHINE);
        String standard = peer.isLoopback() ? "loopback" : peer.host();
        members.add(
            new Config.Member(
                new NodeId(entry.value(ConfigKeys.MEMBER_ID)),
                peer,
                machine.isEmpty() ? standard : machine,
                entry.value(ConfigKeys.MEMBER_RACK),
                entry.value(ConfigKeys.MEMBER_ZONE),
                Math.toIntExact(entry.value(ConfigKeys.MEMBER_WEIGHT))));
      }
      return members;
    }

    private Config.Http http() {
      return new Config.Http(
          reading.value(ConfigKeys.HTTP_LISTEN),
          whole(ConfigKeys.HTTP_VALUE_BYTES_MAX),
          whole(ConfigKeys.HTTP_CONNECTIONS_MAX),
          whole(ConfigKeys.HTTP_CONNECTIONS_PER_SOURCE_MAX),
          whole(ConfigKeys.HTTP_IN_FLIGHT_MAX),
          whole(ConfigKeys.HTTP_IN_FLIGHT_PER_CONNECTION_MAX),
          reading.value(ConfigKeys.HTTP_TIMEOUT_MS),
          reading.value(ConfigKeys.HTTP_HEADER_TIMEOUT_MS),
          reading.value(ConfigKeys.HTTP_REQUEST_TIMEOUT_MS),
          reading.value(ConfigKeys.HTTP_IDLE_TIMEOUT_MS));
    }

    private Config.Peer peer() {
      return new Config.Peer(
          reading.value(ConfigKeys.PEER_LISTEN),
          reading.value(ConfigKeys.PEER_QUEUE_BYTES_MAX),
          whole(ConfigKeys.PEER_FRAME_BYTES_MAX),
          reading.value(ConfigKeys.PEER_CONNECT_TIMEOUT_MS),
          reading.value(ConfigKeys.PEER_BACKOFF_MS_MAX),
          reading.value(ConfigKeys.PEER_PING_MS),
          reading.value(ConfigKeys.PEER_PING_TIMEOUT_MS));
    }

    private int whole(ConfigKey<Long> key) {
      return Math.toIntExact(reading.value(key));
    }
  }
}
