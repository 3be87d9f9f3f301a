// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Chronicle;
import dev.coterie.sim.lab.LabOperation;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.ScenarioException;
import dev.coterie.sim.lab.Series;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The resources under `/lab`, but for the page. From any thread; an answer takes some
/// milliseconds, that of [Bodies] up to some seconds.
public final class Lab implements AutoCloseable {
  /// Of a body that names a scenario.
  public static final int BODY_BYTES_MAX = 16 * 1024;

  private static final String RUNS = "/lab/runs/";
  private static final String STUDIES = "/lab/studies/";
  private static final double MILLIS_MAX = 3_600_000;
  private final LabRuns runs;
  private final LabStudies studies = new LabStudies();
  private final Warmup warmup = new Warmup();
  private final Bodies bodies = new Bodies();
  private final LabLive live;

  /// Without a node, and so without a cluster to run on.
  public Lab() {
    this(
        "this page is served without a cluster: each node of one has it at /lab of its admin listener,"
            + " and ./coterie lab serve --cluster DIR");
  }

  /// Without a cluster to run on.
  ///
  /// @param why no runs are offered on one, in a sentence
  public Lab(String why) {
    this(new LabRuns(), new LabLive(null, why));
  }

  /// @param cluster on which it offers runs too
  public Lab(OwnCluster cluster) {
    this(new LabRuns(), new LabLive(cluster, ""));
  }

  Lab(LabRuns runs, LabLive live) {
    this.runs = runs;
    this.live = live;
  }

  /// Somebody is about to come: makes ready, in the background.
  public void expect() {
    warmup.begin();
  }

  /// What a path is asked for.
  ///
  /// @param path from `/lab` on
  /// @param query decoded, by name
  public LabAnswer get(String path, Map<String, String> query) {
    try {
      LabAnswer found =
          switch (path) {
            case "/lab/templates" -> LabAnswer.json(CatalogueJson.catalogue());
            case "/lab/verdict" ->
                LabAnswer.json(
                    CatalogueJson.verdict(Scenario.parse(query.getOrDefault("scenario", ""))));
            case "/lab/wars" -> WarsJson.answer(query);
            case "/lab/live" -> LabAnswer.json(live.offer());
            default ->
                path.startsWith(RUNS)
                    ? run(path, query)
                    : path.startsWith(STUDIES) ? study(path) : null;
          };
      return found == null ? noSuchThing() : found;
    } catch (ScenarioException e) {
      return LabAnswer.refused(e);
    } catch (BadQuery e) {
      return LabAnswer.refused(400, "BAD_QUERY", String.valueOf(e.getMessage()), "");
    }
  }

  private @Nullable LabAnswer study(String path) {
    HeldStudy study = studies.find(path.substring(STUDIES.length()));
    return study == null ? null : LabAnswer.json(study.json());
  }

  /// Begins to answer what the body asks: `POST /lab/studies`.
  public LabAnswer ask(Visitor visitor, byte[] body) {
    try {
      warmup.end();
      HeldStudy.Work work = LabStudies.read(Json.read(new String(body, StandardCharsets.UTF_8)));
      return LabAnswer.of(201, studies.start(visitor, work).json());
    } catch (Busy e) {
      return LabAnswer.refused(e);
    } catch (Json.Malformed e) {
      return LabAnswer.refused(400, "BAD_BODY", "the body is not JSON: " + e.getMessage(), "");
    } catch (ScenarioException e) {
      return LabAnswer.refused(e);
    } catch (IllegalArgumentException e) {
      return LabAnswer.refused(400, "BAD_BODY", String.valueOf(e.getMessage()), "");
    }
  }

  private static LabAnswer noSuchThing() {
    return LabAnswer.refused(404, "NOT_FOUND", "there is no such resource", "");
  }

  /// A parameter that makes no sense.
  private static final class BadQuery extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadQuery(String sentence) {
      super(sentence);
    }
  }

  /// Begins to play what the body names: `POST /lab/runs`.
  public LabAnswer start(Visitor visitor, byte[] body) {
    return begin(body, scenario -> play(visitor, scenario));
  }

  /// Begins to run what the body names on the cluster: `POST /lab/live`.
  public LabAnswer startLive(byte[] body) {
    return begin(body, live::start);
  }

  private LabAnswer begin(byte[] body, Function<Scenario, LabAnswer> start) {
    Scenario scenario;
    try {
      Object asked = Json.read(new String(body, StandardCharsets.UTF_8));
      String text = Json.text(asked, "scenario");
      if (text.isEmpty()) {
        return LabAnswer.refused(
            400, "BAD_BODY", "the body must be {\"scenario\": \"v1.TEMPLATE...\"}", "");
      }
      scenario = Scenario.parse(text);
      warmup.end();
    } catch (Json.Malformed e) {
      return LabAnswer.refused(400, "BAD_BODY", "the body is not JSON: " + e.getMessage(), "");
    } catch (ScenarioException e) {
      return LabAnswer.refused(e);
    }
    return start.apply(scenario);
  }

  private LabAnswer play(Visitor visitor, Scenario scenario) {
    HeldRun run;
    try {
      run = runs.start(visitor, scenario);
    } catch (Busy e) {
      return LabAnswer.refused(e);
    }
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("id", run.id());
    answer.put("scenario", scenario.text());
    answer.put("cli", commandLine(scenario));
    return LabAnswer.of(201, answer);
  }

  /// How to play the same without the page.
  public static String commandLine(Scenario scenario) {
    return "./coterie lab run '" + scenario.text() + "'";
  }

  /// Cancels and forgets a run or a question: `DELETE /lab/runs/ID`, `DELETE /lab/studies/ID`.
  public LabAnswer drop(String path) {
    HeldStudy study =
        path.startsWith(STUDIES) ? studies.find(path.substring(STUDIES.length())) : null;
    if (study != null) {
      studies.drop(study);
      return new LabAnswer(204, "application/json", new byte[0], List.of());
    }
    String id = path.startsWith(RUNS) ? path.substring(RUNS.length()) : "";
    HeldLive real = live.find(id);
    if (real != null) {
      live.drop(real);
      return new LabAnswer(204, "application/json", new byte[0], List.of());
    }
    HeldRun run = runs.find(id);
    if (run == null) {
      return noSuchThing();
    }
    runs.drop(run);
    return new LabAnswer(204, "application/json", new byte[0], List.of());
  }

  private @Nullable LabAnswer run(String path, Map<String, String> query) {
    String[] parts = path.substring(RUNS.length()).split("/", -1);
    HeldLive real = live.find(parts[0]);
    if (real != null) {
      return real(real, parts.length == 2 ? parts[1] : "", query);
    }
    HeldRun run = runs.find(parts[0]);
    if (run == null) {
      return runs.isDropped(parts[0])
          ? LabAnswer.refused(
              404, "DROPPED", "that run has made room for others; play it again", "")
          : null;
    }
    Function<Played, @Nullable LabAnswer> about =
        parts.length == 2
            ? switch (parts[1]) {
              case "summary" -> played -> LabAnswer.json(SummaryJson.of(played, run.ratio()));
              case "events" ->
                  played ->
                      LabAnswer.json(
                          RecordingJson.events(
                              played.recording(),
                              micros(query, "from", 0),
                              micros(query, "to", MILLIS_MAX)));
              case "state" ->
                  played ->
                      LabAnswer.json(
                          RecordingJson.state(played.recording(), micros(query, "at", 0)));
              case "ops" ->
                  played ->
                      LabAnswer.json(
                          RecordingJson.operations(
                              played.operations(),
                              micros(query, "from", 0),
                              micros(query, "to", MILLIS_MAX),
                              (int) number(query, "limit", 1_000_000, 1, 1_000_000)));
              case "anomalies" -> played -> LabAnswer.json(AnomalyJson.list(played));
              case "export" -> played -> export(played, run, query.getOrDefault("as", "json"));
              default -> _ -> null;
            }
            : parts.length == 3
                ? switch (parts[1]) {
                  case "anomalies" -> played -> card(played, parts[2]);
                  case "messages" -> played -> bodies.answer(played, parts[2]);
                  default -> _ -> null;
                }
                : _ -> null;
    Played played = run.played();
    if (played == null) {
      String why = run.stopped();
      return why == null
          ? LabAnswer.refused(409, "PLAYING", "the run is under way; follow its stream", "")
          : LabAnswer.refused(500, "FAILED", "the run could not be played: " + why, "");
    }
    return about.apply(played);
  }

  /// What there is of a live run: what its clients saw, and no recording.
  private static @Nullable LabAnswer real(HeldLive run, String what, Map<String, String> query) {
    Map<String, @Nullable Object> summary = run.summary();
    if (summary == null) {
      String why = run.stopped();
      return why == null
          ? LabAnswer.refused(409, "PLAYING", "the run is under way; follow its stream", "")
          : LabAnswer.refused(500, "FAILED", "the run could not be carried out: " + why, "");
    }
    return switch (what) {
      case "summary" -> LabAnswer.json(summary);
      case "ops" ->
          LabAnswer.json(
              RecordingJson.operations(
                  run.operations(),
                  micros(query, "from", 0),
                  micros(query, "to", MILLIS_MAX),
                  (int) number(query, "limit", 1_000_000, 1, 1_000_000)));
      case "export" -> export(run, summary, query.getOrDefault("as", "json"));
      case "events", "state", "anomalies" ->
          LabAnswer.refused(
              404, "NO_RECORDING", "a real cluster keeps no recording of what its nodes did", "");
      default -> null;
    };
  }

  private static @Nullable LabAnswer card(Played played, String number) {
    Map<String, @Nullable Object> card = AnomalyJson.card(played, number);
    return card == null ? null : LabAnswer.json(card);
  }

  private static long micros(Map<String, String> query, String name, double otherwise) {
    return Math.round(number(query, name, otherwise, 0, MILLIS_MAX) * 1000);
  }

  private static double number(
      Map<String, String> query, String name, double otherwise, double min, double max) {
    String text = query.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      double value = Double.parseDouble(text);
      if (value >= min && !Double.isNaN(value)) {
        return Math.min(value, max);
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new BadQuery(name + " must be a number from " + (long) min + " on");
  }

  private static LabAnswer export(Played played, HeldRun run, String as) {
    String name = "coterie-lab-" + played.summary().hash();
    return switch (as) {
      case "json" ->
          LabAnswer.file(
              name + ".json", "application/json", bytes(Json.write(whole(played, run.ratio()))));
      case "ops.csv" -> LabAnswer.file(name + ".csv", "text/csv", bytes(csv(played.operations())));
      case "transcript" ->
          LabAnswer.file(
              name + ".txt",
              "text/plain; charset=utf-8",
              bytes(Chronicle.of(played, 0, Long.MAX_VALUE / 2)));
      default -> throw new BadQuery("as must be json, ops.csv or transcript");
    };
  }

  /// What came of a live run, which is not to be had again.
  private static LabAnswer export(HeldLive run, Map<String, @Nullable Object> summary, String as) {
    String name = "coterie-lab-live-" + run.id();
    return switch (as) {
      case "json" -> {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("version", 1);
        body.put("summary", summary);
        yield LabAnswer.file(name + ".json", "application/json", bytes(Json.write(body)));
      }
      case "ops.csv" -> LabAnswer.file(name + ".csv", "text/csv", bytes(csv(run.operations())));
      case "transcript" ->
          LabAnswer.refused(
              404, "NO_RECORDING", "a real cluster keeps no recording of what its nodes did", "");
      default -> throw new BadQuery("as must be json or ops.csv");
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// What a run comes to, in the form that `lab run --json` prints.
  public static Map<String, @Nullable Object> whole(Played played, double ratio) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("version", 1);
    body.put("summary", SummaryJson.of(played, ratio));
    body.put("anomalies", AnomalyJson.list(played).get("anomalies"));
    return body;
  }

  /// All operations, one a line.
  public static String csv(List<LabOperation> operations) {
    StringBuilder text =
        new StringBuilder("id,kind,key,via,client,at,ms,result,versions,verdict,anomaly\n");
    for (LabOperation each : operations) {
      Map<String, @Nullable Object> row = RecordingJson.operation(each);
      row.remove("why");
      text.append(
              row.values().stream()
                  .map(
                      value ->
                          value == null
                              ? ""
                              : value instanceof List<?> list
                                  ? list.stream()
                                      .map(Object::toString)
                                      .collect(Collectors.joining(" "))
                                  : value.toString())
                  .collect(Collectors.joining(",")))
          .append('\n');
    }
    return text.toString();
  }

  /// The number of the run whose stream `path` is; empty where it is none.
  public static String streamOf(String path) {
    return path.startsWith(RUNS) && path.endsWith("/stream")
        ? path.substring(RUNS.length(), Math.max(10, path.length() - 7))
        : "";
  }

  public boolean has(String id) {
    return followed(id) != null;
  }

  private @Nullable Followed followed(String id) {
    HeldLive real = live.find(id);
    return real != null ? real : runs.find(id);
  }

  /// Tells `stream` of a run until that is over. Takes as long as the run does.
  public void follow(String id, LabStream stream) {
    Followed run = followed(id);
    if (run == null) {
      stream.end();
      return;
    }
    run.watch(true);
    try {
      int told = 0;
      boolean over = false;
      boolean heard = true;
      while (!over && heard) {
        run.awaitMore(told);
        over = run.isOver();
        List<Series.Step> steps = run.stepsFrom(told);
        told += steps.size();
        long step = Series.stepMicros(run.scenario());
        heard =
            (steps.isEmpty()
                    || stream.send("series", Json.writeLine(SummaryJson.series(step, steps))))
                && stream.send("progress", Json.writeLine(run.tell()));
      }
      if (heard) {
        end(run, stream);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      run.watch(false);
      stream.end();
    }
  }

  private static void end(Followed run, LabStream stream) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    String why = run.stopped();
    Map<String, @Nullable Object> summary = run.summary();
    if (why != null || summary == null) {
      body.put("why", why);
      boolean _ = stream.send("stopped", Json.writeLine(body));
    } else {
      body.put("summary", summary);
      boolean _ = stream.send("finished", Json.writeLine(body));
    }
  }

  @Override
  public void close() {
    warmup.end();
    live.close();
    runs.close();
    studies.close();
  }
}
