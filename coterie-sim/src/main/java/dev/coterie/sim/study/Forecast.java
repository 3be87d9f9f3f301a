// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import dev.coterie.core.base.Prng;
import dev.coterie.core.node.NodeConfig;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.latency.Latency.Leg;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a scenario may come to, without playing it: the WARS model where the coordinator is one of
/// the owners and hears itself at once, as in Coterie, by Monte Carlo. A read begins after the last
/// acknowledged write of its key as the workload makes it: so long as an exponential time with the
/// key's rate of writes, keys drawn by their share of the reads.
///
/// Where links keep the order of messages, each is held up by those before it ([HoldUp]), with the
/// load spread evenly over the links, and a read behind the write that it looks for does not
/// overtake it.
///
/// No failures, no repair, no queues, no hedging, one write at a time: good enough to leave out
/// what is far off, not to say what a setting gives.
public final class Forecast {
  static final int TRIALS = 20_000;

  /// Delays of each kind of message, to know what is on a link.
  private static final int SAMPLES = 10_000;

  private static final int HELD_UP = 1_000;

  /// Draws of what calls take are told apart from those of messages by this.
  private static final int CALL = 2_000;

  /// When a read asks the owners that it has not asked at first.
  private static final double ASKED_LATE_MILLIS =
      NodeConfig.lan(new byte[1]).readRetryNanos() / 1e6;

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final double[] reads;
  private final double[] writes;
  private final double stale;

  private Forecast(double[] reads, double[] writes, double stale) {
    this.reads = reads;
    this.writes = writes;
    this.stale = stale;
  }

  public static Forecast of(Scenario scenario) {
    Model model = new Model(scenario);
    double[] reads = new double[TRIALS];
    double[] writes = new double[TRIALS];
    int stale = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      stale += model.isStale(trial) ? 1 : 0;
      reads[trial] = model.readMillis;
      writes[trial] = model.writeMillis;
    }
    double timeout = scenario.number(Field.TIMEOUT);
    return new Forecast(inTime(reads, timeout), inTime(writes, timeout), 100.0 * stale / TRIALS);
  }

  /// In rising order, without those that their clients did not wait for: these fail.
  private static double[] inTime(double[] times, double timeout) {
    return Arrays.stream(times).filter(each -> each <= timeout).sorted().toArray();
  }

  /// The metric with this name; not a number where the model says nothing of it.
  public double of(String metric) {
    if (metric.equals("stale_read_pct")) {
      return stale;
    }
    double[] times =
        metric.startsWith("quorum_read_latency_ms_")
            ? reads
            : metric.startsWith("quorum_write_latency_ms_") ? writes : new double[0];
    if (times.length == 0) {
      return Double.NaN;
    }
    double share =
        switch (metric.substring(metric.lastIndexOf('_') + 1)) {
          case "p50" -> 0.5;
          case "p95" -> 0.95;
          case "p99" -> 0.99;
          default -> 0.999;
        };
    return times[Math.max(0, (int) StrictMath.ceil(share * times.length) - 1)];
  }

  /// One trial after the other, of draws that two settings of r and w share.
  private static final class Model {
    private final Latency latency;
    private final int nodes;
    private final int n;
    private final int r;
    private final int w;
    private final boolean asksAll;
    private final boolean anyNode;
    private final double sync;
    private final double hop;
    private final @Nullable Latency calls;
    private final long seed;
    private final double[] readUpTo;
    private final double writesPerMilli;
    private final boolean inOrder;
    private final HoldUp holdUp;
    private final double[] has;
    private final double[] acked;
    private final double[] looked;
    private final double[] answered;
    private double readMillis;
    private double writeMillis;

    Model(Scenario scenario) {
      latency = scenario.latency();
      nodes = (int) scenario.whole(Field.NODES);
      n = (int) scenario.whole(Field.N);
      r = (int) scenario.whole(Field.R);
      w = (int) scenario.whole(Field.W);
      asksAll = scenario.text(Field.ASK).equals("all");
      anyNode = scenario.text(Field.COORDINATOR).equals("any");
      sync = scenario.number(Field.SYNC);
      hop = scenario.number(Field.HOP);
      calls = scenario.callLatency();
      seed = scenario.whole(Field.SEED);
      readUpTo = upTo((int) scenario.whole(Field.KEYS), scenario.number(Field.ZIPF));
      writesPerMilli =
          scenario.number(Field.RATE) / 1000 * (1 - scenario.number(Field.READS) / 100);
      inOrder = scenario.text(Field.LINK).equals("fifo") && nodes > 1;
      holdUp = inOrder ? holdUp(scenario.number(Field.RATE) / 1000) : HoldUp.NONE;
      has = new double[n];
      acked = new double[n];
      looked = new double[n];
      answered = new double[n];
    }

    /// By key: the share of the operations on it and on those before.
    private static double[] upTo(int keys, double zipf) {
      double[] upTo = new double[keys];
      double sum = 0;
      for (int key = 0; key < keys; key++) {
        sum += StrictMath.pow(key + 1.0, -zipf);
        upTo[key] = sum;
      }
      for (int key = 0; key < keys; key++) {
        upTo[key] /= sum;
      }
      return upTo;
    }

    private double uniform(long trial, int what) {
      return Prng.uniform(Prng.mix(Prng.mix(seed + GAMMA * (trial + 1)) + GAMMA * (what + 1)));
    }

    private double millis(long trial, Leg leg, int owner) {
      int which = owner * 4 + leg.ordinal();
      double alone = alone(leg, Prng.mix(~seed + GAMMA * (trial + 1)) + GAMMA * (which + 1L));
      return inOrder ? Math.max(alone, holdUp.millis(uniform(trial, HELD_UP + which))) : alone;
    }

    private double alone(Leg leg, long draw) {
      return latency.leg(leg).millis(Prng.mix(draw)) + latency.farMillis();
    }

    /// What else is on a link when a message leaves.
    ///
    /// @param rate operations in a ms
    private HoldUp holdUp(double rate) {
      double links = nodes * (nodes - 1.0);
      double forwards = anyNode ? rate * (nodes - n) / nodes : 0;
      double read = ((rate - writesPerMilli) * ((asksAll ? n : r) - 1) + forwards) / links;
      double write = writesPerMilli * (n - 1) / links;
      double[][] samples = new double[Leg.values().length][SAMPLES];
      double[] perMilli = new double[samples.length];
      for (Leg leg : Leg.values()) {
        perMilli[leg.ordinal()] = leg == Leg.WRITE || leg == Leg.ACK ? write : read;
        for (int i = 0; i < SAMPLES; i++) {
          samples[leg.ordinal()][i] = alone(leg, GAMMA * (SAMPLES * (leg.ordinal() + 1L) + i));
        }
      }
      return new HoldUp(samples, perMilli);
    }

    /// Between a client and a node.
    private double call(long trial, Leg leg) {
      if (calls == null) {
        return hop;
      }
      long draw = Prng.mix(~seed + GAMMA * (trial + 1)) + GAMMA * (CALL + leg.ordinal());
      return calls.leg(leg).millis(Prng.mix(draw)) + calls.farMillis();
    }

    private double forward(long trial, int what) {
      boolean owns = !anyNode || uniform(trial, what) <= (double) n / nodes;
      return owns ? 0 : millis(trial, Leg.READ, 100 + what) + millis(trial, Leg.REPLY, 100 + what);
    }

    boolean isStale(long trial) {
      int writer = Math.min(n - 1, (int) (uniform(trial, 0) * n));
      int reader = Math.min(n - 1, (int) (uniform(trial, 1) * n));
      for (int owner = 0; owner < n; owner++) {
        has[owner] = (owner == writer ? 0 : millis(trial, Leg.WRITE, owner)) + sync;
        acked[owner] = has[owner] + (owner == writer ? 0 : millis(trial, Leg.ACK, owner));
        looked[owner] = owner == reader ? 0 : millis(trial, Leg.READ, owner);
        answered[owner] = looked[owner] + (owner == reader ? 0 : millis(trial, Leg.REPLY, owner));
        if (!asksAll && (owner - reader + n) % n >= r) {
          looked[owner] += ASKED_LATE_MILLIS;
          answered[owner] += ASKED_LATE_MILLIS;
        }
      }
      double written = rank(acked, w);
      double read = rank(answered, r);
      double told = call(trial, Leg.ACK);
      double asked = call(trial, Leg.READ);
      writeMillis = call(trial, Leg.WRITE) + told + written + forward(trial, 2);
      readMillis = asked + call(trial, Leg.REPLY) + read + forward(trial, 3);
      double begins = written + told + asked + age(trial);
      for (int owner = 0; owner < n; owner++) {
        boolean behindIt = inOrder && reader == writer;
        if (answered[owner] <= read && (behindIt || begins + looked[owner] >= has[owner])) {
          return false;
        }
      }
      return true;
    }

    /// How long ago the last write of the key was acknowledged, in ms.
    private double age(long trial) {
      double u = uniform(trial, 4);
      int at = Arrays.binarySearch(readUpTo, u);
      int key = Math.min(readUpTo.length - 1, at < 0 ? -at - 1 : at);
      double share = readUpTo[key] - (key == 0 ? 0 : readUpTo[key - 1]);
      double rate = writesPerMilli * share;
      return rate <= 0 ? Double.POSITIVE_INFINITY : -StrictMath.log(uniform(trial, 5)) / rate;
    }

    private double rank(double[] values, int rank) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      return sorted[rank - 1];
    }
  }
}
