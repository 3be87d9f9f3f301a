// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.membership.MembershipConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a configuration file is refused for, and with which words.
final class ConfigFileTest {
  private static final String GOOD =
      """
      [node]
      id = "a"

      [cluster]
      id = "shop"
      members = [
        { id = "a", peer = "127.0.0.1:8099", machine = "m1" },
        { id = "b", peer = "10.0.0.2:8099", zone = "z", weight = 50 },
      ]
      """;

  @TempDir Path folder;

  @BeforeEach
  void secret() throws IOException {
    ClusterSecret.create(folder.resolve("secret"));
  }

  private Config loaded(String text) {
    return switch (ConfigFile.parse(text, folder)) {
      case ConfigFile.Loaded(Config config) -> config;
      case ConfigFile.Refused(List<String> sentences) -> throw new AssertionError(sentences);
    };
  }

  private List<String> refused(String text) {
    return switch (ConfigFile.parse(text, folder)) {
      case ConfigFile.Loaded(Config config) -> throw new AssertionError("loaded " + config);
      case ConfigFile.Refused(List<String> sentences) -> sentences;
    };
  }

  @Test
  void aPresetOfTheFailureDetectorIsChangedKeyByKey() {
    assertThat(loaded(GOOD).membership().core()).isEqualTo(MembershipConfig.lan());
    assertThat(loaded(GOOD + "[membership]\npreset = \"wan\"\n").membership().core())
        .isEqualTo(MembershipConfig.wan());
    MembershipConfig changed =
        loaded(GOOD + "[membership]\npreset = \"local\"\nprobe_interval_ms = 100\n")
            .membership()
            .core();
    assertThat(changed.probeIntervalNanos()).isEqualTo(100_000_000L);
    assertThat(changed.probeTimeoutNanos()).isEqualTo(50_000_000L);
    assertThat(refused(GOOD + "[membership]\npreset = \"moon\"\n").getFirst())
        .contains("one of lan, wan, local");
    assertThat(refused(GOOD + "[membership]\nprobe_timeout_ms = 600\n").getFirst())
        .contains("at most half of the interval of 1000 ms");
  }

  @Test
  void defaultsFillInWhatIsLeftOut() {
    Config config = loaded(GOOD);
    assertThat(config.node().machine()).isEqualTo("m1");
    assertThat(config.node().dataDir()).isEqualTo(folder.resolve("data"));
    assertThat(config.cluster().partitions()).isEqualTo(256);
    assertThat(config.cluster().members().get(0).machine()).isEqualTo("m1");
    assertThat(config.cluster().members().get(1).machine()).isEqualTo("10.0.0.2");
    assertThat(config.cluster().members().get(1).weight()).isEqualTo(50);
    assertThat(config.http().listen()).isEqualTo(new HostPort("127.0.0.1", 8098));
    assertThat(config.reads().staleSampleOneIn()).isEqualTo(64);
    assertThat(config.insecure()).isFalse();
    assertThat(config.cluster().secret().bytes()).hasSize(32);
    assertThat(config.toString()).contains("secret=(secret)");
  }

  @Test
  void unlabelledMembersOnLoopbackAreOneMachine() {
    Config config = loaded(GOOD.replace(", machine = \"m1\"", ""));
    assertThat(config.node().machine()).isEqualTo("loopback");
  }

  @Test
  void anUnknownKeyIsNamedWithItsLineAndTheNearestKnownOne() {
    assertThat(refused(GOOD + "[http]\nlisen = \"127.0.0.1:1\"\n"))
        .containsExactly("line 11: unknown key 'http.lisen': did you mean 'listen'?");
  }

  @Test
  void aKeyOfAnotherTableIsSentThere() {
    assertThat(refused(GOOD + "[http]\nshards = 2\n"))
        .containsExactly("line 11: unknown key 'http.shards': shards belongs in [node]");
    assertThat(refused(GOOD + "[peer]\ninsecure = true\n"))
        .containsExactly(
            "line 11: unknown key 'peer.insecure': insecure belongs at the top of the file, before"
                + " the first [table]");
  }

  @Test
  void anUnknownTableIsNamedWithTheNearestKnownOne() {
    assertThat(refused(GOOD + "[storrage]\nblock_cache_bytes = 1\n"))
        .containsExactly("line 10: unknown key 'storrage': the nearest known one is 'storage'");
  }

  @Test
  void anUnknownKeyOfAMemberIsNamed() {
    assertThat(refused(GOOD.replace("weight = 50", "wieght = 50")))
        .containsExactly("line 8: unknown key 'cluster.members[1].wieght': did you mean 'weight'?");
  }

  @Test
  void everythingWrongIsSaidAtOnce() {
    String text =
        GOOD
            + """
            [http]
            listen = "8098"
            in_flight_max = "many"
            connections_max = 0
            [limits]
            siblings_max = 4.5
            """;
    assertThat(refused(text))
        .containsExactly(
            "line 11: http.listen must be \"host:port\", but was \"8098\"",
            "line 13: http.connections_max must be a whole number from 1 to 100,000, but was 0",
            "line 12: http.in_flight_max must be a whole number from 1 to 1,000,000, but was"
                + " \"many\"",
            "line 15: limits.siblings_max must be a whole number from 1 to 1,024, but was 4.5");
  }

  @Test
  void whatMustBeGivenIsMissed() {
    assertThat(refused("[node]\n[cluster]\nid = \"c\"\n"))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("line 1: node.id is missing (Name of this node"),
            second -> assertThat(second).startsWith("cluster.members must list every node"));
  }

  @Test
  void textThatIsNotTomlIsRefusedWithItsLine() {
    assertThat(refused("[node]\nid = a\n"))
        .singleElement()
        .satisfies(sentence -> assertThat(sentence).startsWith("line 2: not TOML: "));
  }

  @Test
  void partitionsAreAPowerOfTwo() {
    assertThat(refused(GOOD.replace("[cluster]\n", "[cluster]\npartitions = 100\n")))
        .containsExactly(
            "line 5: cluster.partitions must be a power of two from 1 to 65,536, but was 100");
  }

  @Test
  void relationsAreRefusedWithBothNumbers() {
    assertThat(refused(GOOD + "[peer]\nping_ms = 5000\n"))
        .containsExactly("peer.ping_timeout_ms is 5000 and must be above peer.ping_ms = 5000");
    assertThat(refused(GOOD + "[http]\nvalue_bytes_max = 16777216\n"))
        .containsExactly(
            "peer.frame_bytes_max is 16777216 and must be at least http.value_bytes_max + 64 KiB ="
                + " 16842752");
    assertThat(refused(GOOD + "[peer]\nqueue_bytes_max = 8388608\n"))
        .containsExactly(
            "peer.queue_bytes_max is 8388608 and must be at least peer.frame_bytes_max = 16777216");
    assertThat(refused(GOOD + "[http]\nrequest_timeout_ms = 1000\n"))
        .containsExactly(
            "http.request_timeout_ms is 1000 and must be at least http.header_timeout_ms = 5000");
  }

  @Test
  void theNodeIsAMemberWithOneMachineLabel() {
    assertThat(refused(GOOD.replace("[node]\nid = \"a\"", "[node]\nid = \"c\"")))
        .containsExactly(
            "node.id is 'c', which is not among the members (a, b): add it to [[cluster.members]]"
                + " on every node, or correct node.id");
    assertThat(refused(GOOD.replace("[node]\n", "[node]\nmachine = \"m2\"\n")))
        .singleElement()
        .satisfies(
            sentence ->
                assertThat(sentence)
                    .startsWith("node.machine is 'm2', but its entry")
                    .contains("'m1'"));
  }

  @Test
  void membersAreDistinct() {
    assertThat(refused(GOOD.replace("id = \"b\"", "id = \"a\"")))
        .containsExactly("cluster.members lists 'a' twice: node ids are unique");
    assertThat(refused(GOOD.replace("10.0.0.2", "127.0.0.1")))
        .containsExactly("cluster.members 'a' and 'b' have the same peer address 127.0.0.1:8099");
  }

  @Test
  void listenersAreLoopbackUnlessInsecure() {
    for (String section : List.of("http", "peer", "admin")) {
      String open = GOOD + "[" + section + "]\nlisten = \"0.0.0.0:9000\"\n";
      assertThat(refused(open))
          .singleElement()
          .satisfies(
              sentence ->
                  assertThat(sentence)
                      .startsWith(section + ".listen is 0.0.0.0:9000, which other computers can")
                      .contains("insecure = true"));
      Config config = loaded("insecure = true\n" + open);
      assertThat(config.exposed()).containsExactly(section + ".listen = 0.0.0.0:9000");
    }
    assertThat(loaded(GOOD).exposed()).isEmpty();
    assertThat(loaded(GOOD + "[http]\nlisten = \"[::1]:9000\"\n").exposed()).isEmpty();
  }

  /// Whoever reaches the page could write to the cluster through it.
  @Test
  void thePageRunsOnTheClusterOnlyWhereThisComputerAloneReachesIt() {
    String open = "insecure = true\n" + GOOD + "[admin]\nlisten = \"0.0.0.0:9000\"\n";
    assertThat(loaded(GOOD).admin().labLiveRefusal()).isEmpty();
    assertThat(loaded(open).admin().labLiveRefusal()).contains("can be reached from other");
    assertThat(loaded(open + "lab_live = \"on\"\n").admin().labLiveRefusal()).isEmpty();
    assertThat(loaded(GOOD + "[admin]\nlab_live = \"off\"\n").admin().labLiveRefusal())
        .contains("switched off");
  }

  @Test
  void tombstonesGoOrStay() {
    assertThat(loaded(GOOD).antiEntropy().reap()).isTrue();
    assertThat(loaded(GOOD + "[anti_entropy]\nreap = \"never\"\n").antiEntropy().reap()).isFalse();
    assertThat(refused(GOOD + "[anti_entropy]\nreap = \"soon\"\n"))
        .singleElement()
        .asString()
        .contains("reap")
        .contains("when_everywhere, never");
  }

  @Test
  void theFolderOfTheOneWhoRunsItStartsAtTheFile() {
    assertThat(loaded(GOOD).admin().labFolder()).isNull();
    assertThat(loaded(GOOD + "[admin]\nlab_folder = \"..\"\n").admin().labFolder())
        .isEqualTo(loaded(GOOD).node().dataDir().getParent().getParent());
    assertThat(refused(GOOD + "[admin]\nlab_folder = 7\n"))
        .singleElement()
        .asString()
        .contains("lab_folder must be a path, or \"\" for none");
  }

  @Test
  void listenersHaveAddressesOfTheirOwn() {
    assertThat(refused(GOOD + "[http]\nlisten = \"127.0.0.1:8097\"\n"))
        .containsExactly(
            "http.listen and admin.listen are both 127.0.0.1:8097: give each a port of its own");
  }

  @Test
  void aSecretThatOthersCanReadIsRefused() throws IOException {
    Path secret = folder.resolve("secret");
    for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-")) {
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(mode));
      assertThat(refused(GOOD))
          .containsExactly(
              "the secret file "
                  + secret
                  + " has mode "
                  + mode
                  + " and must be readable by its owner alone: chmod 600 "
                  + secret);
    }
  }

  @Test
  void aShortOrMissingSecretIsRefusedAndNeverPrinted() throws IOException {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "deadbeef\n");
    assertThat(refused(GOOD))
        .singleElement()
        .satisfies(
            sentence ->
                assertThat(sentence)
                    .contains("has 4 bytes and needs at least 32 (64 hexadecimal digits)"));
    Files.writeString(secret, "hunter2".repeat(10));
    assertThat(refused(GOOD))
        .singleElement()
        .satisfies(
            sentence ->
                assertThat(sentence).contains("hexadecimal digits alone").doesNotContain("hunter"));
    Files.delete(secret);
    assertThat(refused(GOOD))
        .singleElement()
        .satisfies(
            sentence -> assertThat(sentence).contains("does not exist: copy it from another node"));
  }

  @Test
  void aMissingFileSaysHowToMakeOne() {
    Path none = folder.resolve("none.toml");
    assertThat(ConfigFile.load(none))
        .isEqualTo(
            new ConfigFile.Refused(
                List.of(
                    none
                        + " does not exist: write one with ./coterie node --print-config > "
                        + none)));
  }
}
