// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A question over many runs that somebody has asked: waiting, under way, or answered and kept.
final class HeldStudy {
  private static final Logger LOG = LoggerFactory.getLogger(HeldStudy.class);

  /// So long may it take on the clock; then it is answered from what has been played.
  static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(90);

  /// Works out an answer by runs.
  @FunctionalInterface
  interface Work {
    /// @param study is told how many runs there will be
    Map<String, @Nullable Object> answer(HeldStudy study, Plays plays);
  }

  /// Who asked must look so often; then nobody waits for it any more.
  static final long LEASE_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final String id;
  private final Visitor visitor;
  private final int threads;
  private final Work work;
  private long until;
  private long looked = System.nanoTime();
  private int done;
  private int of;
  private boolean cancelled;
  private @Nullable Map<String, @Nullable Object> answer;
  private @Nullable String fault;

  HeldStudy(String id, Visitor visitor, int threads, Work work) {
    this.id = id;
    this.visitor = visitor;
    this.threads = threads;
    this.work = work;
  }

  String id() {
    return id;
  }

  /// Who has asked it.
  Visitor visitor() {
    return visitor;
  }

  /// Answers it, on the thread that calls.
  void work() {
    begin();
    Map<String, @Nullable Object> found = null;
    String why = null;
    try {
      found = work.answer(this, new Plays(threads, this::goesOn, this::tell));
    } catch (RuntimeException e) {
      LOG.error("the Lab could not answer a question", e);
      why = "a fault in Coterie: " + e;
    }
    synchronized (this) {
      answer = found;
      fault = why;
    }
  }

  private synchronized void begin() {
    until = System.nanoTime() + NANOS_MAX;
  }

  /// Whether somebody still waits for it, and there is time left.
  synchronized boolean goesOn() {
    long now = System.nanoTime();
    cancelled |= now - looked > LEASE_NANOS;
    return !cancelled && now - until < 0;
  }

  synchronized void tell(int count) {
    done = Math.max(done, count);
  }

  synchronized void expect(int count) {
    of = count;
  }

  synchronized void cancel() {
    cancelled = true;
  }

  synchronized boolean isOver() {
    return answer != null || fault != null;
  }

  /// `{"id", "done", "of", "over", "cut", "fault", "result"}`: `cut` where time ran out.
  synchronized Map<String, @Nullable Object> json() {
    looked = System.nanoTime();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("done", (long) done);
    json.put("of", (long) of);
    json.put("over", answer != null || fault != null);
    json.put("cut", answer != null && done < of);
    json.put("fault", fault);
    json.put("result", answer);
    return json;
  }
}
