// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.sim.lab.Recording.Fate;
import dev.coterie.sim.lab.Recording.Type;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What messages of a run carried, and the clocks of both ends.
final class MessageBodyTest {
  private static final String SCENARIO =
      "v1.cart.loss=5.fail=split(2s,4s,A+B|C+D+E),crash(3s,5s,C).time=6s";
  private static final Played RUN = new LabRun(Scenario.parse(SCENARIO)).play(_ -> true);

  private static int first(MessageKind kind, @Nullable Fate fate) {
    Recording recording = RUN.recording();
    for (int entry = 0; entry < recording.size(); entry++) {
      if (recording.type(entry) == Type.SENT
          && recording.c(entry) == kind.number()
          && (fate == null || recording.fate(entry) == fate)) {
        return entry;
      }
    }
    throw new AssertionError("no " + kind);
  }

  private static MessageBody body(int entry) {
    MessageBody body = MessageBody.of(RUN, entry, () -> true);
    assertThat(body).isNotNull();
    return body;
  }

  private static String text(MessageBody body, String what) {
    return body.lines().stream()
        .filter(line -> line.what().equals(what))
        .map(MessageBody.Line::text)
        .collect(Collectors.joining("; "));
  }

  @Test
  void aWriteTellsItsKeyItsDotItsValueItsQuorumAndBothClocks() {
    int entry = first(MessageKind.STORE_REPLICA, Fate.TAKEN);
    LabOperation write = RUN.operations().get(RUN.recording().x(entry) - 1);
    MessageBody body = body(entry);
    assertThat(text(body, "key")).isEqualTo(Played.key(write.key));
    assertThat(text(body, "record"))
        .contains("w" + write.id + " (400 bytes) with dot " + text(body, "dot"));
    assertThat(text(body, "context")).isNotEmpty();
    assertThat(text(body, "quorum")).isEqualTo("W=2 durable copies of 3");
    String minter = Failure.letter(RUN.recording().a(entry)) + "/";
    assertThat(text(body, "dot")).contains(minter);
    assertThat(body.sender()).as("it has minted the dot").contains(minter);
    assertThat(body.receiver()).isNotEmpty().isNotEqualTo(body.sender());
  }

  @Test
  void aReplyTellsWhatItsOwnerHolds() {
    int entry = first(MessageKind.READ_REPLICA_REPLY, Fate.TAKEN);
    MessageBody body = body(entry);
    assertThat(text(body, "says")).isIn("found", "not found");
    assertThat(text(body, "quorum")).isEqualTo("R=2 replies of 3");
    assertThat(body.lines()).extracting(MessageBody.Line::what).contains("clock");
    assertThat(body.sender()).isNotEmpty();
  }

  @Test
  void whatNeverCameMetNoClock() {
    for (Fate fate : List.of(Fate.CUT, Fate.LOSS)) {
      MessageBody lost = body(first(MessageKind.STORE_REPLICA, fate));
      assertThat(lost.sender()).isNotEmpty();
      assertThat(lost.receiver()).isEmpty();
    }
    assertThat(body(first(MessageKind.PROBE, null)).sender()).as("about no group").isEmpty();
  }

  /// Every kind that the run has sent.
  @Test
  void everyKindHasWords() {
    Set<MessageKind> seen = EnumSet.noneOf(MessageKind.class);
    List<String> empty = new ArrayList<>();
    for (MessageKind kind : MessageKind.values()) {
      Recording recording = RUN.recording();
      for (int entry = 0; entry < recording.size() && !seen.contains(kind); entry++) {
        if (recording.type(entry) == Type.SENT && recording.c(entry) == kind.number()) {
          seen.add(kind);
          MessageBody body = body(entry);
          if (body.lines().isEmpty() || body.lines().stream().anyMatch(l -> l.text().isEmpty())) {
            empty.add(kind + " " + body.lines());
          }
        }
      }
    }
    assertThat(empty).isEmpty();
    assertThat(seen)
        .contains(
            MessageKind.FORWARD,
            MessageKind.FORWARD_REPLY,
            MessageKind.STORE_HINT,
            MessageKind.HAND_OFF,
            MessageKind.REPAIR_REPLICA,
            MessageKind.EXCHANGE_REQUEST);
  }

  @Test
  void whoHasNoTimeLearnsNothing() {
    assertThat(MessageBody.of(RUN, first(MessageKind.HAND_OFF, null), () -> false)).isNull();
  }
}
