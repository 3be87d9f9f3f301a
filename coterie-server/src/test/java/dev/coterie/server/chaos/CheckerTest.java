// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.chaos.Evidence.Damage;
import dev.coterie.server.chaos.Evidence.Reading;
import dev.coterie.server.chaos.Operation.Call;
import dev.coterie.server.chaos.Operation.Kind;
import dev.coterie.server.chaos.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Histories in which something was planted, and their twins in which nothing was: the checker
/// names the first and passes the second.
final class CheckerTest {
  private final List<Operation> operations = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();
  private final SortedMap<String, List<Reading>> readings = new TreeMap<>();

  private int write(Kind kind, Outcome outcome, int w, Integer... seen) {
    int id = operations.size() + 1;
    Call call = new Call(id, kind, "k", "c1", "n1", w, List.of(seen), id * 10L);
    operations.add(new Operation(call, id * 10L + 5, outcome, List.of(), ""));
    return id;
  }

  private int put(Integer... seen) {
    return write(Kind.PUT, Outcome.APPLIED, 2, seen);
  }

  private int delete(Integer... seen) {
    return write(Kind.DELETE, Outcome.APPLIED, 2, seen);
  }

  private void get(Integer... values) {
    int id = operations.size() + 1;
    Call call = new Call(id, Kind.GET, "k", "c1", "n1", 2, List.of(), id * 10L);
    operations.add(new Operation(call, id * 10L + 5, Outcome.APPLIED, List.of(values), ""));
  }

  private void finallyAt(String node, Integer... values) {
    readings
        .computeIfAbsent("k", _ -> new ArrayList<>())
        .add(new Reading(node, "r=all", true, List.of(values), ""));
  }

  private List<Violation> judged() {
    return Checker.judge(new Evidence(operations, damages, readings));
  }

  private List<Violation.Kind> kinds() {
    return judged().stream().map(Violation::kind).toList();
  }

  @Test
  void aChainOfOverwritesWithSiblingsAndADeleteIsFine() {
    int first = put();
    int left = put(first);
    int right = put(first);
    get(left, right);
    int merged = put(left, right);
    int deleted = delete(merged);
    int blind = put();
    finallyAt("n1", blind);
    finallyAt("n2", blind);
    assertThat(judged()).isEmpty();
    assertThat(deleted).isPositive();
  }

  @Test
  void anAcknowledgedWriteThatIsGoneIsLost() {
    int first = put();
    int second = put();
    finallyAt("n1", second);
    assertThat(judged())
        .singleElement()
        .satisfies(
            lost -> {
              assertThat(lost.kind()).isEqualTo(Violation.Kind.LOST);
              assertThat(lost.key()).isEqualTo("k");
              assertThat(lost.sentence()).contains("put w" + first).contains("w" + second);
            });
  }

  @Test
  void aWriteWhoseOnlySuccessorIsGoneTooIsLost() {
    int first = put();
    int unknown = write(Kind.PUT, Outcome.INDETERMINATE, 2, first);
    finallyAt("n1");
    assertThat(kinds()).containsExactly(Violation.Kind.LOST);
    // Once the successor was seen and replaced, all is well.
    put(unknown);
    readings.clear();
    finallyAt("n1", 3);
    assertThat(kinds()).isEmpty();
  }

  @Test
  void anIndeterminateWriteMayHaveReplacedOrNot() {
    int first = put();
    int unknown = write(Kind.PUT, Outcome.INDETERMINATE, 2, first);
    finallyAt("n1", unknown);
    assertThat(kinds()).isEmpty();
    readings.clear();
    finallyAt("n1", first);
    assertThat(kinds()).isEmpty();
    readings.clear();
    write(Kind.DELETE, Outcome.INDETERMINATE, 2, first);
    finallyAt("n1");
    assertThat(kinds()).isEmpty();
  }

  @Test
  void aRejectedDeleteExplainsNothingAndARejectedPutMustNotAppear() {
    int first = put();
    write(Kind.DELETE, Outcome.REJECTED, 2, first);
    finallyAt("n1");
    assertThat(kinds()).containsExactly(Violation.Kind.LOST);
    readings.clear();
    int rejected = write(Kind.PUT, Outcome.REJECTED, 2);
    finallyAt("n1", first, rejected);
    assertThat(kinds()).containsExactly(Violation.Kind.REJECTED_APPEARED);
  }

  @Test
  void aDeletedValueThatComesBackIsResurrected() {
    int first = put();
    int second = put(first);
    delete(second);
    finallyAt("n1", first);
    // Both the delete and the put had replaced it; the put itself is deleted, not lost.
    assertThat(kinds()).containsOnly(Violation.Kind.RESURRECTED).hasSize(2);
  }

  @Test
  void siblingsOfWhichOneHadSeenTheOtherAreNamed() {
    int first = put();
    int second = put(first);
    get(first, second);
    finallyAt("n1", second);
    assertThat(kinds()).containsExactly(Violation.Kind.SIBLINGS);
  }

  @Test
  void valuesThatNobodySentAreNamed() {
    int first = put();
    get(0);
    get(77);
    finallyAt("n1", first);
    assertThat(kinds()).containsExactly(Violation.Kind.PHANTOM, Violation.Kind.PHANTOM);
  }

  @Test
  void nodesThatDifferOrAreSilentAreNamed() {
    int first = put();
    int second = put();
    finallyAt("n1", second, first);
    finallyAt("n2", first);
    readings.getOrDefault("k", List.of()).add(new Reading("n3", "r=1", false, List.of(), "503"));
    assertThat(kinds()).containsExactly(Violation.Kind.DIVERGED, Violation.Kind.UNREADABLE);
    readings.clear();
    assertThat(kinds()).containsExactly(Violation.Kind.UNREADABLE);
  }

  @Test
  void aWriteIsJudgedOnlyWhereFewerMachinesWereDamagedThanAcknowledgedIt() {
    write(Kind.PUT, Outcome.APPLIED, 1);
    damages.add(new Damage(100, "n1"));
    damages.add(new Damage(101, "n1"));
    finallyAt("n1");
    assertThat(kinds()).isEmpty();
    int atTwo = put();
    assertThat(kinds()).containsExactly(Violation.Kind.LOST);
    damages.add(new Damage(102, "n2"));
    assertThat(kinds()).isEmpty();
    // What was sent after the damages is judged at any level.
    damages.clear();
    damages.add(new Damage(3, "n1"));
    damages.add(new Damage(3, "n2"));
    assertThat(kinds()).hasSize(2);
    assertThat(atTwo).isEqualTo(2);
  }

  @Test
  void aLongHistoryIsJudgedAtOnce() {
    int last = put();
    for (int i = 0; i < 5_000; i++) {
      last = put(last);
    }
    finallyAt("n1", last);
    assertThat(judged()).isEmpty();
  }

  @Test
  void aValueNamesItsWriteAndNothingElseDoes() {
    for (int id = 1; id < 500; id++) {
      byte[] value = WriteValue.of(id);
      assertThat(WriteValue.idOf(value)).isEqualTo(id);
      value[value.length - 1] ^= 1;
      assertThat(WriteValue.idOf(value)).isZero();
    }
    assertThat(WriteValue.idOf(new byte[0])).isZero();
  }
}
