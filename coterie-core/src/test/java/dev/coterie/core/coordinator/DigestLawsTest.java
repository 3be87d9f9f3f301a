// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Digests change what travels and nothing else: over drawn histories of one key at four owners,
/// with values that have been lost or reaped here and there.
class DigestLawsTest {
  private static final int OWNERS = 4;

  private static NodeId node(int i) {
    return new NodeId("n" + i);
  }

  /// Answers of owners after a drawn history, all in full.
  private static List<ReadMerge.Answer> answers(Prng prng) {
    KeyRecord[] records = new KeyRecord[OWNERS];
    GroupClock[] clocks = new GroupClock[OWNERS];
    long[] counters = new long[OWNERS];
    for (int i = 0; i < OWNERS; i++) {
      records[i] = KeyRecord.EMPTY;
      clocks[i] = GroupClock.EMPTY;
    }
    int steps = prng.nextInt(14);
    for (int step = 0; step < steps; step++) {
      int at = prng.nextInt(OWNERS);
      int from = prng.nextInt(OWNERS);
      switch (prng.nextInt(4)) {
        case 0, 1 -> {
          Dot dot = new Dot(new ActorId(node(at), 1, 7, 0), ++counters[at]);
          CausalContext seen = prng.nextBoolean() ? records[at].context() : CausalContext.EMPTY;
          Sibling value =
              prng.nextInt(4) == 0
                  ? null
                  : new Sibling(dot, Bytes.utf8("v" + dot), dot.hashCode(), 0, Bytes.EMPTY);
          records[at] =
              records[at].written(seen, records[at].context().minted(dot).join(seen), value);
          clocks[at] = clocks[at].with(dot);
        }
        case 2 -> {
          records[at] = records[at].join(records[from]);
          clocks[at] = clocks[at].join(clocks[from]);
        }
        default -> {
          if (prng.nextInt(3) == 0) {
            records[at] = KeyRecord.EMPTY; // lost, or reaped: the clock stays
          }
        }
      }
    }
    List<ReadMerge.Answer> answers = new ArrayList<>();
    int count = 1 + prng.nextInt(OWNERS);
    for (int i = 0; i < count; i++) {
      DotSet forgotten = prng.nextBoolean() ? DotSet.EMPTY : clocks[i].dots();
      ReadStatus status = records[i].isEmpty() ? ReadStatus.NOT_FOUND : ReadStatus.FOUND;
      answers.add(new ReadMerge.Answer(node(i), status, records[i], clocks[i], forgotten, false));
    }
    return answers;
  }

  private static ReadMerge.Answer digest(ReadMerge.Answer full) {
    return new ReadMerge.Answer(
        full.from(), full.status(), full.record().digest(), full.clock(), full.forgotten(), true);
  }

  @Test
  void withTheMissingBytesFetchedTheMergeIsTheSame() {
    int fetches = 0;
    int spared = 0;
    for (long seed = 1; seed <= 20_000; seed++) {
      Prng prng = new Prng(seed);
      List<ReadMerge.Answer> full = answers(prng);
      List<ReadMerge.Answer> mixed = new ArrayList<>();
      for (ReadMerge.Answer each : full) {
        mixed.add(prng.nextInt(3) == 0 ? each : digest(each));
      }
      KeyRecord expected = ReadMerge.merge(full);
      KeyRecord bare = ReadMerge.merge(mixed);
      assertThat(bare.dots()).as("seed %s", seed).isEqualTo(expected.dots());
      assertThat(bare.context()).as("seed %s", seed).isEqualTo(expected.context());
      List<NodeId> missing = ReadMerge.bytesMissing(mixed, 0);
      fetches += missing.size();
      for (int i = 0; i < mixed.size(); i++) {
        if (missing.contains(mixed.get(i).from())) {
          assertThat(mixed.get(i).digest()).isTrue();
          mixed.set(i, full.get(i));
        }
        spared += mixed.get(i).digest() ? 1 : 0;
      }
      assertThat(ReadMerge.bytesMissing(mixed, 0)).as("seed %s", seed).isEmpty();
      KeyRecord merged = ReadMerge.merge(mixed);
      assertThat(merged.siblings()).as("seed %s", seed).isEqualTo(expected.siblings());
      assertThat(merged.context()).as("seed %s", seed).isEqualTo(expected.context());
    }
    assertThat(fetches).isGreaterThan(1_000);
    assertThat(spared).isGreaterThan(1_000);
  }

  /// What repair may store is a whole record or nothing: the context alone, without a value that
  /// nobody has brought, would be a delete.
  @Test
  void aFilledDigestIsTheWholeRecordOrNothing() {
    int left = 0;
    for (long seed = 1; seed <= 20_000; seed++) {
      Prng prng = new Prng(seed);
      List<ReadMerge.Answer> full = answers(prng);
      List<ReadMerge.Answer> mixed = new ArrayList<>();
      for (ReadMerge.Answer each : full) {
        mixed.add(prng.nextBoolean() ? each : digest(each));
      }
      for (int i = 0; i < mixed.size(); i++) {
        KeyRecord whole = full.get(i).record();
        KeyRecord filled = ReadMerge.filled(mixed.get(i), mixed, 0);
        boolean nothing = filled.isEmpty() && !whole.siblings().isEmpty();
        left += nothing ? 1 : 0;
        assertThat(nothing || filled.equals(whole)).as("seed %s", seed).isTrue();
      }
    }
    assertThat(left).isGreaterThan(1_000);
  }

  /// Two values under one dot are damage, and a digest must not hide it.
  @Test
  void anotherHashUnderTheSameDotIsFetched() {
    Dot dot = new Dot(new ActorId(node(0), 1, 7, 0), 1);
    GroupClock clock = GroupClock.of(DotSet.of(dot));
    List<ReadMerge.Answer> answers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Sibling value = new Sibling(dot, Bytes.utf8("v" + i), i, 0, Bytes.EMPTY);
      KeyRecord record = new KeyRecord(List.of(value), CausalContext.of(dot));
      ReadMerge.Answer answer =
          new ReadMerge.Answer(node(i), ReadStatus.FOUND, record, clock, DotSet.EMPTY, false);
      answers.add(i == 0 ? answer : digest(answer));
    }
    assertThat(ReadMerge.bytesMissing(answers, 0)).containsExactly(node(1));
  }
}
