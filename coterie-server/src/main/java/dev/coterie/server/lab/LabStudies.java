// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.ScenarioException;
import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.pbs.Measured;
import dev.coterie.sim.pbs.PbsRun;
import dev.coterie.sim.pbs.Quorum;
import dev.coterie.sim.pbs.Wars;
import dev.coterie.sim.study.Comparison;
import dev.coterie.sim.study.Measures;
import dev.coterie.sim.study.Plan;
import dev.coterie.sim.study.Question;
import dev.coterie.sim.study.Range;
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
  static final int WAITING_MAX = 6;

  /// Of one visitor, the one that is being answered included.
  static final int OPEN_EACH = 3;

  private static final int RETRY_SECONDS = 2;

  /// Seeds of one question.
  static final int SEEDS_MAX = 50;

  /// Writes of one measurement of the code: some seconds on one processor.
  private static final int TRIALS = 5_000;

  private static final int TRIALS_MAX = 20_000;

  /// Draws of the model beside it.
  private static final int MODEL_TRIALS = 200_000;

  private static final int ID_BYTES = 8;

  private final SecureRandom random = new SecureRandom();
  private final List<HeldStudy> studies = new ArrayList<>();
  private final Shares shares = new Shares(1 + WAITING_MAX, OPEN_EACH);

  /// Whose questions have been answered, the latest last.
  private final List<Visitor> answered = new ArrayList<>();

  private boolean closed;

  /// What a body asks for: `{"compare": [A, B], "seeds": "1..30"}`, `{"bands": SCENARIO, "seeds":
  /// "1..12"}`, `{"plan": SCENARIO, "targets": [..], "down": 1, "n": [3, 5], "variants": false,
  /// "seeds": "1..4"}`, or `{"pbs": SCENARIO, "trials": 5000}`.
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
    String bands = Json.text(body, "bands");
    if (!bands.isEmpty()) {
      return bands(Scenario.parse(bands), seeds(body, "1..12"));
    }
    if (!plan.isEmpty()) {
      return plan(question(body, Scenario.parse(plan)));
    }
    String pbs = Json.text(body, "pbs");
    if (!pbs.isEmpty()) {
      return pbs(Scenario.parse(pbs), trials(body));
    }
    throw new IllegalArgumentException(
        "the body must be {\"compare\": [\"v1.A\", \"v1.B\"]}, {\"bands\": \"v1.A\"}, {\"plan\":"
            + " \"v1.A\", \"targets\": [\"stale_read_pct<=0.1\"]} or {\"pbs\": \"v1.A\"}");
  }

  private static Seeds seeds(@Nullable Object body, String otherwise) {
    String text = Json.text(body, "seeds");
    Seeds seeds = Seeds.parse(text.isEmpty() ? otherwise : text);
    if (seeds.count() > SEEDS_MAX) {
      throw new IllegalArgumentException("at most " + SEEDS_MAX + " seeds here");
    }
    return seeds;
  }

  private static int trials(@Nullable Object body) {
    long trials = Json.member(body, "trials") == null ? TRIALS : Json.whole(body, "trials");
    if (trials < 1 || trials > TRIALS_MAX) {
      throw new IllegalArgumentException("trials must be from 1 to " + TRIALS_MAX);
    }
    return (int) trials;
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
        Math.clamp(Json.whole(body, "down"), -1, 1000),
        new Range(low, high),
        Range.ALL,
        Range.ALL,
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

  private static HeldStudy.Work bands(Scenario scenario, Seeds seeds) {
    return (study, plays) -> {
      study.expect(seeds.count());
      return StudyJson.bands(scenario, seeds, played(plays, seeds.of(scenario)));
    };
  }

  private static HeldStudy.Work plan(Question question) {
    return (study, plays) ->
        StudyJson.plan(Plan.of(question, runs -> played(plays, runs), study::expect));
  }

  /// The product's code under the conditions of the WARS model, with the scenario's delays, n, r, w
  /// and seed; of all else the model knows nothing.
  private static HeldStudy.Work pbs(Scenario scenario, int trials) {
    Quorum quorum = measurable(scenario);
    Latency latency = scenario.latency();
    long seed = scenario.whole(Field.SEED);
    return (study, _) -> {
      study.expect(trials);
      Wars model = ModelAndCode.model(latency, quorum, MODEL_TRIALS, seed);
      List<Long> waits = model.steps(ModelAndCode.PLACES);
      List<Measured> parts = new ArrayList<>();
      int done = 0;
      while (done < trials && (done == 0 || study.goesOn())) {
        int count = Math.min(PbsRun.WORLD_TRIALS, trials - done);
        parts.add(Measured.of(latency, quorum, waits, seed, done, count));
        done += count;
        study.tell(done);
      }
      return StudyJson.pbs(scenario, new ModelAndCode(latency, model, Measured.of(parts)));
    };
  }

  /// @throws ScenarioException where the scenario asks for what the model does not have
  private static Quorum measurable(Scenario scenario) {
    Quorum quorum = SummaryJson.quorum(scenario);
    if (quorum.n() > PbsRun.REPLICAS_MAX) {
      throw notMeasurable(
          Field.N,
          "n is "
              + quorum.n()
              + ": the code can be measured under the model's conditions with n up to "
              + PbsRun.REPLICAS_MAX);
    }
    if (!scenario.failures().isEmpty()) {
      throw notMeasurable(Field.FAIL, "the model knows no failures: take those out to measure");
    }
    for (Field field : List.of(Field.LOSS, Field.DUP)) {
      if (scenario.number(field) > 0) {
        throw notMeasurable(
            field,
            "the model knows no messages that are lost or come twice: set "
                + field.id()
                + " to 0 to measure");
      }
    }
    return quorum;
  }

  private static ScenarioException notMeasurable(Field field, String sentence) {
    return new ScenarioException(ScenarioException.Code.NOT_MEASURABLE, field.id(), sentence);
  }

  private static List<@Nullable Measures> played(Plays plays, List<Scenario> runs) {
    try {
      return plays.play(runs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Takes a question on; visitors take turns.
  ///
  /// @throws Busy where too many wait
  synchronized HeldStudy start(Visitor visitor, HeldStudy.Work work) {
    List<Visitor> open =
        studies.stream().filter(study -> !study.isOver()).map(HeldStudy::visitor).toList();
    admit(visitor, open);
    HeldStudy gone = Shares.makingRoom(studies, HeldStudy::isOver, HeldStudy::visitor, visitor);
    if (gone != null && studies.size() >= KEPT_MAX) {
      boolean _ = studies.remove(gone);
    }
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    HeldStudy study = new HeldStudy(HexFormat.of().formatHex(id), visitor, threads, work);
    studies.add(study);
    if (open.isEmpty()) {
      Thread thread = Thread.ofPlatform().name("lab studies").daemon().unstarted(this::answerAll);
      thread.setPriority(Thread.MIN_PRIORITY); // clients of the node go first
      thread.start();
    }
    return study;
  }

  private void admit(Visitor visitor, List<Visitor> open) {
    switch (closed ? Shares.Verdict.BUSY : shares.ask(visitor, open, System.nanoTime())) {
      case GRANTED -> {}
      case SHARE_USED ->
          throw new Busy(
              Busy.Code.SHARE_USED,
              OPEN_EACH + " questions of yours are open already; try again when one is answered",
              RETRY_SECONDS);
      case BUSY ->
          throw new Busy(
              Busy.Code.BUSY,
              WAITING_MAX + " questions wait already; try again when one is answered",
              RETRY_SECONDS);
    }
  }

  /// Answers one after the other until there is none.
  private void answerAll() {
    for (HeldStudy next = next(); next != null; next = next()) {
      next.work();
    }
  }

  /// The oldest of whoever has waited longest for a turn.
  private synchronized @Nullable HeldStudy next() {
    HeldStudy found = null;
    for (HeldStudy study : studies) {
      boolean sooner =
          found == null || answered.indexOf(study.visitor()) < answered.indexOf(found.visitor());
      found = !study.isOver() && sooner ? study : found;
    }
    if (found != null) {
      answered.remove(found.visitor());
      answered.add(found.visitor());
      answered.removeIf(each -> studies.stream().noneMatch(one -> one.visitor().equals(each)));
    }
    return found;
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
