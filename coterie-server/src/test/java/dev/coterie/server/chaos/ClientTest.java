// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Prng;
import dev.coterie.server.chaos.Operation.Kind;
import dev.coterie.server.chaos.Operation.Outcome;
import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.FakeNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A client turns from a node that does not answer to one that does, and concludes from silence no
/// more than it may.
final class ClientTest {
  private final History history = new History(new Clock());

  private Client client(HostPort first, HostPort second) {
    return new Client(
        "c1",
        new Prng(7),
        Client.Patience.ofMost(),
        List.of("n1", "n2"),
        List.of(first, second),
        List.of("shared"),
        "own-",
        history);
  }

  private static FakeNode well() {
    return new FakeNode(
        asked ->
            asked.method().equals("GET")
                ? FakeNode.told(404, "", "X-Coterie-Outcome", "not-found", "X-Riak-Vclock", "c")
                : FakeNode.told(204, "", "X-Riak-Vclock", "c"));
  }

  private static List<Operation> through(String node, List<Operation> operations) {
    return operations.stream().filter(each -> each.call().node().equals(node)).toList();
  }

  @Test
  void aNodeThatIsSilentIsLeftAloneForAWhile() throws IOException {
    // As a paused process does: the system takes connections for it, and nobody reads them.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        FakeNode well = well()) {
      HostPort paused = new HostPort("127.0.0.1", silent.getLocalPort());
      Client client = client(paused, well.address());
      for (int each = 0; each < 100; each++) {
        boolean unused = client.act();
      }
      List<Operation> operations = history.take();
      List<Operation> unanswered = through("n1", operations);
      assertThat(unanswered).isNotEmpty();
      assertThat(through("n2", operations)).hasSizeGreaterThan(10 * unanswered.size());
      for (Operation each : unanswered) {
        assertThat(each.outcome())
            .isEqualTo(each.call().isWrite() ? Outcome.INDETERMINATE : Outcome.REJECTED);
        assertThat(each.repliedAt() - each.call().at()).isLessThan(2 * Clock.SECOND);
      }
    }
  }

  @Test
  void whatReachedNobodyIsSentToAnotherNodeAsAWriteOfItsOwn() {
    try (FakeNode well = well()) {
      Client client = client(FakeNode.nobody(), well.address());
      List<Operation> refused = List.of();
      for (int each = 0; each < 20_000 && refused.isEmpty(); each++) {
        boolean unused = client.act();
        List<Operation> done = history.take();
        refused = done.stream().filter(one -> one.call().kind() == Kind.PUT).toList();
        refused = through("n2", refused).size() == refused.size() ? List.of() : refused;
      }
      assertThat(refused)
          .extracting(Operation::outcome)
          .containsExactly(Outcome.REJECTED, Outcome.APPLIED);
      assertThat(refused).extracting(each -> each.call().node()).containsExactly("n1", "n2");
      assertThat(refused.getFirst().id()).isNotEqualTo(refused.getLast().id());
      assertThat(refused.getLast().call().key()).isEqualTo(refused.getFirst().call().key());
      assertThat(refused.getLast().call().seen()).isEqualTo(refused.getFirst().call().seen());
      String sent = new String(WriteValue.of(refused.getLast().id()), ISO_8859_1);
      assertThat(well.asked()).anyMatch(asked -> asked.body().equals(sent));
    }
  }

  @Test
  void itWaitsLongerWhereNobodyAnswersAndShorterAgain() {
    Client.Patience patience = Client.Patience.ofMost();
    assertThat(patience.millis()).isEqualTo(500);
    assertThat(patience.nodeMillis()).isEqualTo(400);
    patience.refused(Clock.MILLI); // nobody listens there
    assertThat(patience.millis()).isEqualTo(500);
    patience.refused(400 * Clock.MILLI);
    patience.refused(Clock.SECOND);
    assertThat(patience.millis()).isEqualTo(2_000);
    for (int each = 0; each < 5; each++) {
      patience.refused(60 * Clock.SECOND);
    }
    assertThat(patience.millis()).isEqualTo(4_000);
    for (int each = 0; each < 9; each++) {
      patience.answered();
    }
    assertThat(patience.millis()).isEqualTo(500);
  }

  @Test
  void whereNoNodeAnswersItGoesOnAsking() {
    Client client = client(FakeNode.nobody(), FakeNode.nobody());
    for (int each = 0; each < 10; each++) {
      assertThat(client.act()).isFalse();
    }
    List<Operation> operations = history.take();
    assertThat(through("n1", operations)).isNotEmpty();
    assertThat(through("n2", operations)).isNotEmpty();
  }
}
