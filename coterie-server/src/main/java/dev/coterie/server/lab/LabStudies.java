// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.study.Comparison;
import dev.coterie.sim.study.Measures;
import dev.coterie.sim.study.Plan;
import dev.coterie.sim.study.Question;
import dev.coterie.sim.study.Seeds;
import dev.coterie.sim.study.Target;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Questions over many runs that this process answers: one at a time, in the background, a few
/// waiting, and the last few answers kept. From any thread.
final class LabStudies implements AutoCloseable {
  static final int KEPT_MAX = 8;

  /// Questions that wait for the one that is being answered.
  static final int WAITING_MAX = 4;

  /// Seeds of one question.
  static final int SEEDS_MAX = 50;

  private static final int ID_BYTES = 8;

  private final SecureRandom random = new SecureRandom();
  private final List<HeldStudy> studies = new ArrayList<>();
  private boolean closed;

  /// What a body asks for: `{"compare": [A, B], "seeds": "1..30"}`, or `{"plan": SCENARIO,
  /// "targets": [..], "down": 1, "n": [3, 5], "variants": false, "seeds": "1..4"}`.
  ///
  /// @throws IllegalArgumentException with a sentence where it makes no sense
  static HeldStudy.Work read(@Nullable Object body) {
    List<@Nullable Object> compare = Json.list(body, "compare");
    String plan = Json.text(body, "plan");
    if (compare.size() == 2) {
      return compare(
          Scenario.parse(String.valueOf(compare.get(0))),
          Scenario.parse(String.valueOf(compare.get(1))),
          seeds(body, "1..30"));
    }
    if (!plan.isEmpty()) {
      return plan(question(body, Scenario.parse(plan)));
    }
    throw new IllegalArgumentException(
        "the body must be {\"compare\": [\"v1.A\", \"v1.B\"]} or {\"plan\": \"v1.A\", \"targets\":"
            + " [\"stale_read_pct<=0.1\"]}");
  }

  private static Seeds seeds(@Nullable Object body, String otherwise) {
    String text = Json.text(body, "seeds");
    Seeds seeds = Seeds.parse(text.isEmpty() ? otherwise : text);
    if (seeds.count() > SEEDS_MAX) {
      throw new IllegalArgumentException("at most " + SEEDS_MAX + " seeds here");
    }
    return seeds;
  }

  private static Question question(@Nullable Object body, Scenario base) {
    List<Target> targets = new ArrayList<>();
    for (Object each : Json.list(body, "targets")) {
      targets.add(Target.parse(String.valueOf(each)));
    }
    List<@Nullable Object> copies = Json.list(body, "n");
    int own = (int) base.whole(Field.N);
    int low = copies.size() == 2 && copies.get(0) instanceof Long n ? n.intValue() : own;
    int high = copies.size() == 2 && copies.get(1) instanceof Long n ? n.intValue() : own;
    return new Question(
        base,
        targets,
        (int) Math.clamp(Json.whole(body, "down"), -1, 1000),
        low,
        high,
        Json.truth(body, "variants"),
        seeds(body, "1..4"));
  }

  private static HeldStudy.Work compare(Scenario a, Scenario b, Seeds seeds) {
    return (study, plays) -> {
      List<Scenario> both = new ArrayList<>();
      for (int i = 0; i < seeds.count(); i++) {
        both.add(seeds.of(a).get(i));
        both.add(seeds.of(b).get(i));
      }
      study.expect(both.size());
      List<@Nullable Measures> played = played(plays, both);
      List<@Nullable Measures> ofA = new ArrayList<>();
      List<@Nullable Measures> ofB = new ArrayList<>();
      for (int i = 0; i < played.size(); i += 2) {
        ofA.add(played.get(i));
        ofB.add(played.get(i + 1));
      }
      return StudyJson.comparison(Comparison.of(a, b, seeds, ofA, ofB));
    };
  }

  private static HeldStudy.Work plan(Question question) {
    return (study, plays) ->
        StudyJson.plan(Plan.of(question, runs -> played(plays, runs), study::expect));
  }

  private static List<@Nullable Measures> played(Plays plays, List<Scenario> runs) {
    try {
      return plays.play(runs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Takes a question on; it is answered after those before it.
  ///
  /// @return null where too many wait
  synchronized @Nullable HeldStudy start(HeldStudy.Work work) {
    int open = 0;
    for (HeldStudy study : studies) {
      open += study.isOver() ? 0 : 1;
    }
    if (open > WAITING_MAX || closed) {
      return null;
    }
    for (int i = 0; i < studies.size() && studies.size() >= KEPT_MAX; ) {
      if (studies.get(i).isOver()) {
        HeldStudy _ = studies.remove(i);
      } else {
        i++;
      }
    }
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    HeldStudy study = new HeldStudy(HexFormat.of().formatHex(id), threads, work);
    studies.add(study);
    if (open == 0) {
      Thread thread = Thread.ofPlatform().name("lab studies").daemon().unstarted(this::answerAll);
      thread.setPriority(Thread.MIN_PRIORITY); // clients of the node go first
      thread.start();
    }
    return study;
  }

  /// Answers one after the other until there is none.
  private void answerAll() {
    for (HeldStudy next = next(); next != null; next = next()) {
      next.work();
    }
  }

  private synchronized @Nullable HeldStudy next() {
    for (HeldStudy study : studies) {
      if (!study.isOver()) {
        return study;
      }
    }
    return null;
  }

  synchronized @Nullable HeldStudy find(String id) {
    for (HeldStudy study : studies) {
      if (study.id().equals(id)) {
        return study;
      }
    }
    return null;
  }

  /// Cancels it; what is under way ends as soon as its runs are told so.
  synchronized void drop(HeldStudy study) {
    study.cancel();
    if (study.isOver()) {
      studies.remove(study);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    studies.forEach(HeldStudy::cancel);
  }
}
