// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.FakeNode;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.up.ClusterFolder;
import dev.coterie.server.up.NodePorts;
import dev.coterie.server.up.UpFailure;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The gate and both that come through it, without namespaces: nodes that are made up, and a
/// network that cannot be cut.
final class GateTest {
  private static final Network UNCUT = new Loopback("a test");

  private static NodePorts at(HostPort http, HostPort admin) {
    return new NodePorts(http, http, admin);
  }

  private static Gate open(Path folder, List<NodePorts> nodes) throws Exception {
    return Gate.open(ClusterFolder.gate(folder), nodes, UNCUT);
  }

  private static String text(HostPort node) {
    NodeHttp http = new NodeHttp(1_000, 5_000);
    return http.send(node, "GET", "/x", Map.of(), null) instanceof NodeHttp.Reply reply
        ? reply.text()
        : "no answer";
  }

  @Test
  void eachListenerIsReachedThroughTheGate(@TempDir Path folder) throws Exception {
    String large = "b".repeat(300_000);
    try (FakeNode http = new FakeNode(_ -> FakeNode.told(200, large));
        FakeNode admin = new FakeNode(_ -> FakeNode.told(200, "admin"))) {
      NodePorts first = at(http.address(), admin.address());
      NodePorts second = at(admin.address(), http.address());
      List<NodePorts> outside = NodePorts.free(2);
      try (GateRelay _ = GateRelay.open(ClusterFolder.gate(folder), outside)) {
        assertThat(text(outside.getFirst().http())).as("no gate yet").isEqualTo("no answer");
        try (Gate _ = open(folder, List.of(first, second))) {
          assertThat(text(outside.getFirst().http())).isEqualTo(large);
          assertThat(text(outside.getFirst().admin())).isEqualTo("admin");
          assertThat(text(outside.getLast().http())).isEqualTo("admin");
        }
        assertThat(ClusterFolder.gate(folder)).doesNotExist();
        assertThatThrownBy(() -> GateRelay.open(ClusterFolder.gate(folder), outside))
            .isInstanceOf(UpFailure.class)
            .hasMessageContaining("port " + outside.getFirst().http().port() + " is held by")
            .hasMessageContaining("--ports auto");
      }
    }
  }

  @Test
  void oneAtATimeMayCutAndIsToldWhatCannotBe(@TempDir Path folder) throws Exception {
    HostPort nobody = new HostPort("127.0.0.1", 1);
    NodePorts node = at(nobody, nobody);
    assertThatThrownBy(() -> HeldCuts.open(folder))
        .isInstanceOf(UpFailure.class)
        .hasMessageContaining("./coterie chaos --hold --dir " + folder);
    try (Gate _ = open(folder, List.of(node, node))) {
      for (int run = 0; run < 3; run++) {
        try (HeldCuts cuts = HeldCuts.open(folder)) {
          assertThatThrownBy(() -> HeldCuts.open(folder))
              .isInstanceOf(UpFailure.class)
              .hasMessageContaining("another run cuts this cluster's links");
          assertThatThrownBy(() -> cuts.cut(List.of(0), List.of(1)))
              .isInstanceOf(UpFailure.class)
              .hasMessage("loopback cannot be cut");
          assertThatThrownBy(() -> cuts.cut(List.of(0), List.of(2)))
              .isInstanceOf(UpFailure.class)
              .hasMessage("'cut 0 2' names no links of this cluster");
          cuts.restore(List.of(0, 1), List.of(1));
        }
      }
    }
  }

  @Test
  void whoWantsNothingThatIsThereIsShutOut(@TempDir Path folder) throws Exception {
    HostPort nobody = new HostPort("127.0.0.1", 1);
    try (Gate _ = open(folder, List.of(at(nobody, nobody)))) {
      for (String purpose : List.of("peer 0", "http 1", "http -1", "http", "x".repeat(200))) {
        try (SocketChannel caller =
            SocketChannel.open(UnixDomainSocketAddress.of(ClusterFolder.gate(folder)))) {
          Splice.say(caller, purpose);
          assertThat(Splice.hear(caller)).as(purpose).isEmpty();
        }
      }
    }
  }
}
