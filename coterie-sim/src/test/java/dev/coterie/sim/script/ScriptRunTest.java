// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.sim.plan.Run;
import dev.coterie.sim.plan.Step;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.plan.Swarm;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the runner of transcripts accepts, what it finds wrong, and how it says so.
final class ScriptRunTest {
  private static final String GOOD =
      """
      # A story.
      cluster nodes=a,b,c
      ----
      3 nodes serve, 8 partitions, n=3

      put client=c via=a value=milk  # a comment
      expect applied
      ----
      c: applied {a/1:1} acks a, b

      # the end
      """;

  private static List<String> failures(String text) {
    return ScriptRun.of(text).failures();
  }

  private static String only(String text) {
    List<String> failures = failures(text);
    assertThat(failures).hasSize(1);
    return failures.getFirst();
  }

  @Test
  void aGoodFilePassesAndIsItsOwnRewriting() {
    assertThat(failures(GOOD)).isEmpty();
    assertThat(ScriptRun.of(GOOD).rewritten()).isEqualTo(GOOD);
  }

  @Test
  void anotherOutputFailsWithBothTextsAndRewritingAcceptsIt() {
    String other = GOOD.replace("acks a, b", "acks a, c");
    assertThat(only(other))
        .contains("line 6:")
        .contains("acks a, c")
        .contains("---- printed")
        .contains("acks a, b");
    assertThat(ScriptRun.of(other).rewritten()).isEqualTo(GOOD);
  }

  @Test
  void aClusterThatCannotBeIsRefusedWithItsLine() {
    for (String option :
        List.of(
            "partitions=0",
            "partitions=12",
            "partitions=1000000000",
            "shards=0",
            "n=0",
            "n=99",
            "loss=-4",
            "latency=-1",
            "log=99999999999")) {
      assertThat(only("cluster nodes=a,b,c " + option + "\n"))
          .startsWith("line 1: " + option)
          .contains(" must be ")
          .doesNotContain("Exception");
    }
    assertThat(only("cluster nodes=a,a\n")).isEqualTo("line 1: node a is listed twice");
    assertThat(only("cluster nodes=a\n\nrun -3s\n")).contains("line 3: '-3s' is negative");
    assertThat(only("cluster nodes=a\n\nat -5s crash a\n")).contains("'-5s' is negative");
  }

  @Test
  void anExpectationThatDoesNotHoldSaysWhatIsThereInstead() {
    assertThat(only(GOOD.replace("expect applied", "expect rejected")))
        .isEqualTo("line 7: 'expect rejected' does not hold: applied {a/1:1} acks a, b");
    assertThat(only(GOOD.replace("expect applied", "expect stored b bread")))
        .contains("b holds milk(a/1,1)");
    assertThat(only(GOOD.replace("expect applied", "expect indeterminate"))).contains("applied");
    assertThat(only(GOOD.replace("expect applied", "expect notfound"))).contains("applied");
    assertThat(only(GOOD.replace("expect applied", "expect unanswered"))).contains("applied");
    assertThat(failures(GOOD.replace("expect applied", "get\nexpect found bread")).getFirst())
        .isEqualTo(
            "line 8: 'expect found bread' does not hold: found milk(a/1,1) {a/1:1} from a, c");
    assertThat(ScriptRun.jittered(GOOD.replace("expect applied", "expect notfound"), 1).failures())
        .as("expectations hold with drawn delays too")
        .hasSize(1);
    assertThat(ScriptRun.jittered(GOOD.replace("acks a, b", "acks a, c"), 1).failures())
        .as("outputs are not compared then")
        .isEmpty();
  }

  @Test
  void whatCannotBeReadIsNamedWithItsLine() {
    assertThat(only(GOOD.replace("value=milk", "valeu=milk")))
        .startsWith("line 6: 'put' has no option 'valeu'; it has ");
    assertThat(only(GOOD.replace("expect applied", "exspect applied")))
        .startsWith("line 7: unknown verb 'exspect'; there are ");
    assertThat(only(GOOD.replace("expect applied", "crash z"))).contains("no node 'z'");
    assertThat(only(GOOD.replace("expect applied", "run soon"))).contains("is not a time");
    assertThat(only(GOOD.replace("expect applied", "expect wonders"))).contains("line 7: expect");
    assertThat(only(GOOD.replace("expect applied", "hold a->b kind=Gossip")))
        .contains("StoreReplica");
    assertThat(only(GOOD.replace("expect applied", "deliver a->b"))).contains("no such message");
    assertThat(only("put value=milk\n")).contains("a script begins with 'cluster'");
    assertThat(only("# nothing\n")).contains("holds no command");
    assertThat(only(GOOD.replace("nodes=a,b,c", "nodes=a,b,c bug=moth"))).contains("no bug");
  }

  @Test
  void aBrokenPromiseFailsTheFileAlsoWhereNothingIsExpected() {
    String bug =
        """
        cluster nodes=a,b,c bug=delete-leaves-nothing
        put client=c via=a value=milk
        get client=c via=a
        hold a->c kind=StoreReplica
        delete client=c via=a w=2
        get client=d via=c r=all
        """;
    assertThat(failures(bug)).anyMatch(failure -> failure.contains("violation O"));
    assertThat(failures(bug.replace(" bug=delete-leaves-nothing", ""))).isEmpty();
  }

  @Test
  void aPlanIsATranscriptAndEndsAlike() throws SyntaxException {
    int failed = 0;
    for (long seed = 1; seed <= 6; seed++) {
      List<Step> plan = Swarm.plan(seed, 5000, "write-answers-at-one");
      StringBuilder text = new StringBuilder("# a plan\n");
      plan.forEach(step -> text.append(step).append('\n'));
      Run.Result run = Run.of(plan);
      failed += run.failed() ? 1 : 0;
      assertThat(failures(text.toString()).isEmpty()).as("seed %s", seed).isEqualTo(!run.failed());
    }
    assertThat(failed).as("otherwise nothing was compared").isPositive();
  }
}
