// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A run that somebody has asked for: under way, or over and kept. One thread plays it; any may ask
/// how far it is.
final class HeldRun implements Followed {
  private static final Logger LOG = LoggerFactory.getLogger(HeldRun.class);

  /// So long may it take on the clock.
  static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

  /// Between two times that its watchers are told.
  private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(33);

  /// How far it is, in ms of virtual time. `of` is the time of the clients: the mending at the end
  /// comes on top.
  record Progress(double at, double of, int operations) {}

  private final String id;
  private final Visitor visitor;
  private final Scenario scenario;
  private final int entriesMax;
  private final List<Series.Step> steps = new ArrayList<>();
  private final long began = System.nanoTime();
  private long told = began;
  private Progress progress;
  private boolean cancelled;
  private long nanos;
  private @Nullable Played played;
  private @Nullable String stopped;

  HeldRun(String id, Visitor visitor, Scenario scenario, int entriesMax) {
    this.id = id;
    this.visitor = visitor;
    this.scenario = scenario;
    this.entriesMax = entriesMax;
    this.progress = new Progress(0, millisOf(scenario), 0);
  }

  private static double millisOf(Scenario scenario) {
    return scenario.whole(Field.TIME) * 1000.0;
  }

  String id() {
    return id;
  }

  /// Who has asked for it.
  Visitor visitor() {
    return visitor;
  }

  @Override
  public Scenario scenario() {
    return scenario;
  }

  /// Plays it, on the thread that calls.
  void play() {
    Played end = null;
    String why = null;
    try {
      end = new LabRun(scenario, entriesMax).play(this::watched);
      why = why(end.summary().ended());
    } catch (RuntimeException e) {
      LOG.error("the Lab could not play {}", scenario, e);
      why = "a fault in Coterie: " + e;
    }
    synchronized (this) {
      if (end != null) {
        tell(end.series(), end.operations().size(), end.summary().seconds() * 1000);
      }
      nanos = System.nanoTime() - began;
      played = end;
      stopped = why;
      notifyAll();
    }
  }

  private @Nullable String why(LabRun.End end) {
    return switch (end) {
      case WHOLE -> null;
      case BUDGET ->
          "its recording is full (" + entriesMax + " entries); take a shorter time or a lower rate";
      case STOPPED ->
          isCancelled()
              ? "it was cancelled"
              : "it took more than "
                  + TimeUnit.NANOSECONDS.toSeconds(NANOS_MAX)
                  + " s of the clock; take a shorter time or a lower rate";
    };
  }

  private boolean watched(LabRun run) {
    long now = System.nanoTime();
    if (now - told >= TELL_NANOS) {
      told = now;
      synchronized (this) {
        tell(run.series(), run.operations().size(), run.micros() / 1000.0);
        notifyAll();
      }
    }
    return now - began < NANOS_MAX && !isCancelled();
  }

  private void tell(Series series, int operations, double millis) {
    List<Series.Step> all = series.steps();
    steps.addAll(all.subList(steps.size(), all.size()));
    progress = new Progress(Math.min(millis, progress.of()), progress.of(), operations);
  }

  synchronized void cancel() {
    cancelled = true;
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void watch(boolean begins) {
    // It is played to its end whoever looks.
  }

  @Override
  public synchronized void awaitMore(int known) throws InterruptedException {
    while (steps.size() <= known && !isOver()) {
      wait();
    }
  }

  @Override
  public synchronized boolean isOver() {
    return played != null || stopped != null;
  }

  @Override
  public synchronized Map<String, @Nullable Object> tell() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("at", progress.at());
    json.put("of", progress.of());
    json.put("operations", progress.operations());
    return json;
  }

  @Override
  public synchronized List<Series.Step> stepsFrom(int from) {
    return new ArrayList<>(steps.subList(Math.min(from, steps.size()), steps.size()));
  }

  /// What it came to; null while it is under way, and where it failed.
  synchronized @Nullable Played played() {
    return played;
  }

  @Override
  public @Nullable Map<String, @Nullable Object> summary() {
    Played end = played();
    return end == null ? null : SummaryJson.of(end, ratio());
  }

  @Override
  public synchronized @Nullable String stopped() {
    return stopped;
  }

  /// Seconds of virtual time for one of the clock.
  synchronized double ratio() {
    Played end = played;
    return end == null || nanos == 0 ? 0 : end.summary().seconds() / (nanos / 1e9);
  }
}
