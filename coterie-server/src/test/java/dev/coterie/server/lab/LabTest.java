// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.Await;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Recording;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.Template;
import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.pbs.Measured;
import dev.coterie.sim.pbs.Quorum;
import dev.coterie.sim.pbs.Wars;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the resources under `/lab` say.
final class LabTest {
  private static final String SCENARIO = "v1.cart.r=1.w=1.fail=split(1s,2s,A+B|C+D+E).time=4s";

  private Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private static @Nullable Object json(LabAnswer answer) {
    try {
      return Json.read(new String(answer.bytes(), StandardCharsets.UTF_8));
    } catch (Json.Malformed e) {
      throw new AssertionError(e);
    }
  }

  private static String code(LabAnswer answer) {
    return answer.status() + " " + Json.text(Json.member(json(answer), "error"), "code");
  }

  private LabAnswer start(String body) {
    return start(Visitor.HERE, body);
  }

  private LabAnswer start(Visitor visitor, String body) {
    return lab.start(visitor, body.getBytes(StandardCharsets.UTF_8));
  }

  private String started(String scenario) {
    LabAnswer answer = start("{\"scenario\":\"" + scenario + "\"}");
    assertThat(answer.status()).isEqualTo(201);
    return Json.text(json(answer), "id");
  }

  /// Keeps what it is told.
  private static final class Kept implements LabStream {
    final List<String> events = new ArrayList<>();
    final List<String> data = new ArrayList<>();
    boolean ended;

    @Override
    public boolean send(String event, String json) {
      events.add(event);
      data.add(json);
      return true;
    }

    @Override
    public void end() {
      ended = true;
    }
  }

  private Kept followed(String id) {
    Kept kept = new Kept();
    lab.follow(id, kept);
    assertThat(kept.ended).isTrue();
    return kept;
  }

  private LabAnswer about(String id, String what, String... query) {
    Map<String, String> parameters = new TreeMap<>();
    for (int i = 0; i < query.length; i += 2) {
      parameters.put(query[i], query[i + 1]);
    }
    return lab.get("/lab/runs/" + id + "/" + what, parameters);
  }

  private @Nullable Object answered(String body) {
    LabAnswer started = lab.ask(Visitor.HERE, body.getBytes(StandardCharsets.UTF_8));
    assertThat(started.status())
        .as(new String(started.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(201);
    String id = Json.text(json(started), "id");
    String path = "/lab/studies/" + id;
    Await.until("the study is over", 120, () -> Json.truth(json(lab.get(path, Map.of())), "over"));
    Object study = json(lab.get(path, Map.of()));
    assertThat(Json.truth(study, "cut")).isFalse();
    assertThat(Json.whole(study, "done")).isEqualTo(Json.whole(study, "of"));
    return Json.member(study, "result");
  }

  @Test
  void twoSettingsAreComparedInTheBackground() throws InterruptedException {
    Object result =
        answered(
            "{\"compare\":[\"v1.pbs.rate=100.time=2s\",\"v1.pbs.w=3.rate=100.time=2s\"],"
                + "\"seeds\":\"1..6\"}");
    assertThat(Json.whole(result, "played")).isEqualTo(6);
    assertThat(Json.list(result, "metrics")).hasSizeGreaterThan(15);
  }

  @Test
  void aScenarioOnSeveralSeedsHasBandsOverTime() throws InterruptedException {
    Object result = answered("{\"bands\":\"v1.pbs.rate=100.time=2s\",\"seeds\":\"1..5\"}");
    assertThat(Json.text(result, "scenario")).isEqualTo("v1.pbs.rate=100.time=2s");
    assertThat(Json.whole(result, "played")).isEqualTo(5);
    assertThat(Json.list(result, "hashes")).hasSize(5).doesNotHaveDuplicates();
    Object series = Json.member(result, "series");
    int steps = Json.list(series, "t").size();
    assertThat(steps).isGreaterThan(7);
    for (String metric :
        List.of(
            "quorum_read_latency_ms_p99",
            "write_success_rate",
            "stale_read_pct",
            "hints",
            "diverged_keys",
            "repair_bytes")) {
      Object band = Json.member(series, metric);
      for (String line : List.of("low", "median", "high")) {
        assertThat(Json.list(band, line)).as(metric).hasSize(steps);
      }
      assertThat(Json.list(band, "median")).as(metric).anyMatch(value -> value != null);
    }
    for (Object spread :
        new Object[] {
          Json.member(Json.member(result, "latencyCdf"), "read"),
          Json.member(Json.member(result, "latencyCdf"), "write"),
          Json.member(result, "visibility")
        }) {
      int places = Json.list(spread, "t").size();
      assertThat(places).isPositive();
      for (String line : List.of("low", "median", "high")) {
        assertThat(Json.list(spread, line)).hasSize(places);
      }
    }
    assertThat(
            code(
                lab.ask(
                    Visitor.HERE,
                    "{\"bands\":\"v1.pbs\",\"seeds\":\"1..99\"}".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo("400 BAD_BODY");
  }

  @Test
  void aPlanIsMadeInTheBackground() throws InterruptedException {
    Object result =
        answered(
            "{\"plan\":\"v1.catalogue.fail=none.time=2s\",\"targets\":[\"stale_read_pct<=0\"],"
                + "\"down\":1,\"seeds\":\"1..2\"}");
    assertThat(Json.list(result, "rows")).hasSize(9);
    assertThat(Json.whole(result, "meeting")).isPositive();
    assertThat(code(lab.ask(Visitor.HERE, "{}".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo("400 BAD_BODY");
    assertThat(
            code(lab.ask(Visitor.HERE, "{\"plan\":\"v1.cart\"}".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo("400 BAD_BODY");
    assertThat(
            code(lab.ask(Visitor.HERE, "{\"plan\":\"v1.none\"}".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo("400 UNKNOWN_TEMPLATE");
    assertThat(code(lab.get("/lab/studies/none", Map.of()))).isEqualTo("404 NOT_FOUND");
  }

  @Test
  void theCodeIsMeasuredUnderTheModelsConditionsInTheBackground() {
    Object result = answered("{\"pbs\":\"v1.pbs.r=2.seed=7\",\"trials\":700}");
    assertThat(Json.text(result, "scenario")).isEqualTo("v1.pbs.r=2.seed=7");
    assertThat(Json.whole(result, "differing")).isZero();
    Latency latency = Latency.parse("lnkd-disk");
    Quorum quorum = new Quorum(3, 2, 1);
    Wars model = ModelAndCode.model(latency, quorum, (int) Json.whole(result, "modelTrials"), 7);
    List<Long> waits = model.steps(ModelAndCode.PLACES);
    Measured code = Measured.of(latency, quorum, waits, 7, 0, 700);
    assertThat(Json.whole(result, "trials")).isEqualTo(700);
    for (var entry : new ModelAndCode(latency, model, code).line().entrySet()) {
      assertThat(Json.member(result, entry.getKey()))
          .as(entry.getKey())
          .isEqualTo(entry.getValue());
    }
    assertThat(Json.list(result, "measured")).hasSize(waits.size()).hasSizeGreaterThan(6);
  }

  @Test
  void whatTheModelDoesNotHaveIsNotMeasured() {
    for (String scenario :
        List.of("v1.cart", "v1.chat.nodes=9.n=7.fail=none", "v1.pbs.loss=1", "v1.pbs.dup=1")) {
      LabAnswer refused =
          lab.ask(
              Visitor.HERE, ("{\"pbs\":\"" + scenario + "\"}").getBytes(StandardCharsets.UTF_8));
      assertThat(code(refused)).as(scenario).isEqualTo("400 NOT_MEASURABLE");
      assertThat(Json.text(Json.member(json(refused), "error"), "field")).isNotEmpty();
    }
    for (String other : List.of("{\"pbs\":\"v1.pbs.r=4\"}", "{\"pbs\":\"v1.pbs.w=4\"}")) {
      assertThat(code(lab.ask(Visitor.HERE, other.getBytes(StandardCharsets.UTF_8))))
          .isEqualTo("400 BAD_VALUE");
    }
    assertThat(
            code(
                lab.ask(
                    Visitor.HERE,
                    "{\"pbs\":\"v1.pbs\",\"trials\":30000}".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo("400 BAD_BODY");
  }

  @Test
  void questionsWaitAndTooManyAreRefused() {
    byte[] body =
        "{\"compare\":[\"v1.iot\",\"v1.cart\"],\"seeds\":\"1..50\"}"
            .getBytes(StandardCharsets.UTF_8);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < LabStudies.OPEN_EACH; i++) {
      LabAnswer taken = lab.ask(Visitor.HERE, body);
      assertThat(taken.status()).isEqualTo(201);
      ids.add(Json.text(json(taken), "id"));
    }
    assertThat(code(lab.ask(Visitor.HERE, body))).isEqualTo("429 SHARE_USED");
    for (String id : ids) {
      assertThat(lab.drop("/lab/studies/" + id).status()).isEqualTo(204);
    }
  }

  @Test
  void warsIsAnsweredAtOnce() {
    Object wars =
        json(
            lab.get(
                "/lab/wars",
                Map.of("latency", "lnkd-disk", "r", "1", "w", "1", "trials", "50000")));
    double at0 = (double) Objects.requireNonNull(Json.list(wars, "fresh").getFirst());
    assertThat(at0).isBetween(0.42, 0.45);
    assertThat(code(lab.get("/lab/wars", Map.of("r", "4")))).isEqualTo("400 BAD_QUERY");
    assertThat(code(lab.get("/lab/wars", Map.of("latency", "fog")))).isEqualTo("400 BAD_QUERY");
  }

  @Test
  void theCatalogueHasEveryTemplateWithEveryField() {
    Object catalogue = json(lab.get("/lab/templates", Map.of()));
    List<@Nullable Object> templates = Json.list(catalogue, "templates");
    assertThat(templates).hasSize(Template.values().length);
    for (Object template : templates) {
      assertThat(Json.text(template, "question")).endsWith("?");
      for (Field field : Field.values()) {
        assertThat(Json.text(Json.member(template, "fields"), field.id())).isNotEmpty();
      }
    }
    assertThat(Json.list(catalogue, "fields")).hasSize(Field.values().length);
    assertThat(Json.list(catalogue, "presets")).isNotEmpty();
  }

  @Test
  void aVerdictSaysWhatTheQuorumsGive() {
    Object strict = json(lab.get("/lab/verdict", Map.of("scenario", "v1.chat")));
    assertThat(Json.text(strict, "sentence")).startsWith("3+3 > 5: every read meets");
    assertThat(Json.text(Json.member(strict, "closed"), "miss")).isEqualTo("0.0");
    assertThat(Json.list(strict, "warnings").toString()).contains("NOT_LINEARIZABLE");
    LabAnswer refused = lab.get("/lab/verdict", Map.of("scenario", "v1.cart.r=9"));
    assertThat(code(refused)).isEqualTo("400 BAD_VALUE");
    assertThat(Json.text(Json.member(json(refused), "error"), "field")).isEqualTo("r");
  }

  @Test
  void aRunIsFollowedAndThenAskedAbout() {
    String id = started(SCENARIO);
    Kept kept = followed(id);
    assertThat(kept.events).contains("series", "progress").endsWith("finished");
    Object summary = json(about(id, "summary"));
    Played same = new LabRun(Scenario.parse(SCENARIO)).play(_ -> true);
    assertThat(Json.text(summary, "hash")).isEqualTo(same.summary().hash());
    assertThat(Json.text(summary, "scenario")).isEqualTo(SCENARIO);
    assertThat(Json.text(summary, "ended")).isEqualTo("whole");
    assertThat(Json.list(summary, "homes")).hasSize(20).allMatch(o -> ((List<?>) o).size() == 3);
    assertThat(Json.list(summary, "faults").toString()).contains("from=1000.0, to=2000.0");
    Object series = Json.member(summary, "series");
    assertThat(Json.list(series, "t")).hasSameSizeAs(Json.list(series, "stale")).isNotEmpty();
  }

  @Test
  void theStreamsSeriesAreTheSummarys() throws Json.Malformed {
    String id = started(SCENARIO);
    Kept kept = followed(id);
    List<@Nullable Object> told = new ArrayList<>();
    for (int i = 0; i < kept.events.size(); i++) {
      if (kept.events.get(i).equals("series")) {
        told.addAll(Json.list(Json.read(kept.data.get(i)), "ok"));
      }
    }
    Object series = Json.member(json(about(id, "summary")), "series");
    assertThat(told).isEqualTo(Json.list(series, "ok"));
  }

  @Test
  void eventsComeInPiecesAndNoneIsLost() {
    String id = started("v1.iot.time=10s");
    Kept _ = followed(id);
    Played same = new LabRun(Scenario.parse("v1.iot.time=10s")).play(_ -> true);
    Recording recording = same.recording();
    int sent = 0;
    int versions = 0;
    for (int entry = 0; entry < recording.size(); entry++) {
      sent += recording.type(entry) == Recording.Type.SENT ? 1 : 0;
      versions += recording.type(entry) == Recording.Type.VERSIONS ? 1 : 0;
    }
    String from = "0";
    int pieces = 0;
    int messages = 0;
    int held = 0;
    boolean more = true;
    while (more) {
      Object piece = json(about(id, "events", "from", from, "to", "60000"));
      messages += Json.list(piece, "messages").size();
      held += Json.list(piece, "versions").size();
      more = Json.truth(piece, "more");
      from = Json.text(piece, "to");
      pieces++;
    }
    assertThat(pieces).isGreaterThan(1);
    assertThat(messages).isEqualTo(sent);
    assertThat(held).isEqualTo(versions);
  }

  @Test
  void aMomentHasNodesVersionsAndMessages() {
    String id = started(SCENARIO);
    Kept _ = followed(id);
    Object state = json(about(id, "state", "at", "1500"));
    assertThat(Json.list(state, "nodes")).hasSize(5);
    assertThat(Json.list(state, "versions")).isNotEmpty();
    assertThat(Json.text(state, "at")).isEqualTo("1500.0");
  }

  @Test
  void aMessageTellsItsBodyAndBothClocks() {
    String id = started(SCENARIO);
    Kept _ = followed(id);
    Object piece = json(about(id, "events", "from", "1000", "to", "1500"));
    assertThat(Json.list(piece, "queues")).isNotEmpty();
    List<?> row =
        Json.list(piece, "messages").stream()
            .map(each -> (List<?>) each)
            .filter(each -> each.get(1).equals("STORE_REPLICA"))
            .findFirst()
            .orElseThrow();
    Object told = json(about(id, "messages/" + row.get(0)));
    assertThat(Json.list(told, "message")).isEqualTo(row);
    assertThat(Json.list(told, "lines").toString()).contains("key", "dot", "context", "quorum");
    assertThat(Json.text(told, "sender")).isNotEmpty();
    assertThat(Json.text(told, "receiver")).isNotEmpty();
    assertThat(about(id, "messages/99999999").status()).isEqualTo(404);
    assertThat(about(id, "messages/first").status()).isEqualTo(404);
    LabAnswer late =
        new Bodies(0)
            .answer(
                new LabRun(Scenario.parse(SCENARIO)).play(_ -> true), String.valueOf(row.get(0)));
    assertThat(late).isNotNull();
    assertThat(late.status()).isEqualTo(503);
  }

  @Test
  void operationsAreThinnedButNotTheOddOnes() {
    String id = started(SCENARIO);
    Kept _ = followed(id);
    List<@Nullable Object> all = Json.list(json(about(id, "ops")), "ops");
    List<@Nullable Object> few = Json.list(json(about(id, "ops", "limit", "10")), "ops");
    long stale = all.stream().filter(op -> Json.text(op, "verdict").equals("stale")).count();
    assertThat(stale).isPositive();
    assertThat(few.stream().filter(op -> Json.text(op, "verdict").equals("stale")))
        .hasSize((int) stale);
    assertThat(few.size()).isLessThan(all.size());
    assertThat(
            new String(about(id, "export", "as", "ops.csv").bytes(), StandardCharsets.UTF_8)
                .lines())
        .hasSize(all.size() + 1);
  }

  @Test
  void everyStaleReadHasItsCard() {
    String id = started(SCENARIO);
    Kept _ = followed(id);
    List<@Nullable Object> heads = Json.list(json(about(id, "anomalies")), "anomalies");
    assertThat(Json.whole(json(about(id, "summary")), "anomalies")).isEqualTo(heads.size());
    for (Object operation : Json.list(json(about(id, "ops")), "ops")) {
      if (Json.text(operation, "verdict").equals("stale")) {
        Object card = json(about(id, "anomalies/" + Json.text(operation, "anomaly")));
        assertThat(Json.whole(card, "op")).isEqualTo(Json.whole(operation, "id"));
        assertThat(Json.text(card, "sentence")).isNotEmpty();
        assertThat(Json.list(card, "evidence")).isNotEmpty();
        assertThat(Json.list(card, "counterfactual")).isNotEmpty();
        Object read = Json.member(card, "read");
        assertThat(Json.whole(read, "op")).isEqualTo(Json.whole(operation, "id"));
        assertThat(Json.member(read, "via")).isEqualTo(Json.member(operation, "via"));
        assertThat(Json.member(read, "from")).isEqualTo(Json.member(operation, "at"));
        assertThat(Json.member(read, "to")).isEqualTo(Json.member(card, "at"));
        Object missed = Json.member(card, "missed");
        assertThat(Json.whole(missed, "op")).isEqualTo(Json.whole(card, "write"));
        assertThat(Json.text(missed, "result")).isEqualTo("ok");
      }
    }
    assertThat(code(about(id, "anomalies/0"))).isEqualTo("404 NOT_FOUND");
    assertThat(code(about(id, "anomalies/" + (heads.size() + 1)))).isEqualTo("404 NOT_FOUND");
  }

  @Test
  void exportsAreFiles() {
    String id = started(SCENARIO);
    Kept _ = followed(id);
    LabAnswer text = about(id, "export", "as", "transcript");
    assertThat(new String(text.bytes(), StandardCharsets.UTF_8))
        .startsWith("# " + SCENARIO + "\n# result ")
        .contains("begins split(1s,2s,A+B|C+D+E)");
    assertThat(text.headers().toString()).contains("attachment; filename=\"coterie-lab-");
    assertThat(about(id, "export", "as", "json").status()).isEqualTo(200);
    assertThat(code(about(id, "export", "as", "pdf"))).isEqualTo("400 BAD_QUERY");
  }

  @Test
  void whatMakesNoSenseIsRefusedPolitely() {
    assertThat(code(start("nonsense"))).isEqualTo("400 BAD_BODY");
    assertThat(code(start("{}"))).isEqualTo("400 BAD_BODY");
    assertThat(code(start("{\"scenario\":\"v9.cart\"}"))).isEqualTo("400 UNKNOWN_VERSION");
    assertThat(code(lab.get("/lab/nothing", Map.of()))).isEqualTo("404 NOT_FOUND");
    assertThat(code(lab.get("/lab/assets/../lab.html", Map.of()))).isEqualTo("404 NOT_FOUND");
    assertThat(code(about("1", "summary"))).isEqualTo("404 NOT_FOUND");
    String id = started(SCENARIO);
    Kept _ = followed(id);
    assertThat(code(about(id, "nothing"))).isEqualTo("404 NOT_FOUND");
    assertThat(code(about(id, "state", "at", "soon"))).isEqualTo("400 BAD_QUERY");
    assertThat(code(about(id, "events", "from", "-1"))).isEqualTo("400 BAD_QUERY");
  }

  private static final String LONG = "{\"scenario\":\"v1.cart.time=600s\"}";
  private static final Visitor ANN = new Visitor("192.0.2.1");
  private static final Visitor BOB = new Visitor("192.0.2.2");

  private String begun(Visitor visitor, String body) {
    LabAnswer answer = start(visitor, body);
    assertThat(answer.status()).isEqualTo(201);
    return Json.text(json(answer), "id");
  }

  @Test
  void oneVisitorPlaysOnlySoManyAtOnce() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < LabRuns.PLAYING_EACH; i++) {
      ids.add(begun(ANN, LONG));
    }
    LabAnswer answer = start(ANN, LONG);
    assertThat(code(answer)).isEqualTo("429 SHARE_USED");
    assertThat(answer.headers()).contains("Retry-After: 1");
    assertThat(code(about(ids.getFirst(), "summary"))).isEqualTo("409 PLAYING");
    for (String id : ids) {
      assertThat(lab.drop("/lab/runs/" + id).status()).isEqualTo(204);
      assertThat(code(about(id, "summary"))).isEqualTo("404 DROPPED");
    }
    String _ = started(SCENARIO);
  }

  @Test
  void oneVisitorKeepsNobodyElseOut() {
    String first = begun(ANN, LONG);
    String _ = begun(ANN, LONG);
    String _ = begun(BOB, LONG);
    Visitor eve = new Visitor("192.0.2.3");
    assertThat(code(start(eve, LONG))).isEqualTo("429 BUSY");
    assertThat(lab.drop("/lab/runs/" + first).status()).isEqualTo(204);
    assertThat(code(start(ANN, LONG))).as("the place is kept for who waits").isEqualTo("429 BUSY");
    assertThat(start(eve, LONG).status()).isEqualTo(201);
  }

  @Test
  void theOldestOfWhoKeepsMostMakesRoom() {
    List<String> ids = new ArrayList<>();
    String bobs = begun(BOB, "{\"scenario\":\"v1.catalogue.time=1s\"}");
    Kept _ = followed(bobs);
    for (int i = 0; i <= LabRuns.KEPT_MAX; i++) {
      ids.add(begun(ANN, "{\"scenario\":\"v1.catalogue.time=1s.seed=" + i + "\"}"));
      Kept _ = followed(ids.getLast());
    }
    assertThat(code(about(ids.get(0), "summary"))).isEqualTo("404 DROPPED");
    assertThat(code(about(ids.get(1), "summary"))).isEqualTo("404 DROPPED");
    for (String id : List.of(bobs, ids.get(2), ids.get(3), ids.get(4))) {
      assertThat(about(id, "summary").status()).isEqualTo(200);
    }
  }

  @Test
  void visitorsTakeTurnsWithTheirQuestions() throws InterruptedException {
    byte[] brief =
        "{\"compare\":[\"v1.pbs.time=1s\",\"v1.pbs.w=3.time=1s\"],\"seeds\":\"1..2\"}"
            .getBytes(StandardCharsets.UTF_8);
    byte[] endless =
        "{\"compare\":[\"v1.cart.time=600s\",\"v1.cart.w=3.time=600s\"],\"seeds\":\"1..50\"}"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(lab.ask(ANN, brief).status()).isEqualTo(201);
    for (int i = 1; i < LabStudies.OPEN_EACH; i++) {
      assertThat(lab.ask(ANN, endless).status()).isEqualTo(201);
    }
    assertThat(code(lab.ask(ANN, brief))).isEqualTo("429 SHARE_USED");
    String bobs = "/lab/studies/" + Json.text(json(lab.ask(BOB, brief)), "id");
    Await.until(
        "Bob's question is answered before those that Ann asked first",
        60,
        () -> Json.truth(json(lab.get(bobs, Map.of())), "over"));
  }

  @Test
  void aRecordingThatIsFullStopsItsRun() {
    lab.close();
    lab = new Lab(new LabRuns(10_000), new LabLive(null, "no cluster"));
    String id = started("v1.cart");
    Kept kept = followed(id);
    assertThat(kept.events).endsWith("stopped");
    assertThat(kept.data.getLast()).contains("its recording is full (10000 entries)");
    assertThat(Json.text(json(about(id, "summary")), "ended")).isEqualTo("BUDGET");
  }
}
