// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// How long owners took to answer coordinators, of all nodes of a cluster together, as their admin
/// listeners tell it; and how much they did.
///
/// @param reads by the upper bound of a bucket in ms, how many were in it
/// @param operations reads that were answered, writes that were applied
/// @param staleSamples sampled reads, and those of them that were stale
/// @param nodes that answered
/// @param members of the cluster, as they say
public record RoundTripHistogram(
    SortedMap<Double, Long> reads,
    SortedMap<Double, Long> writes,
    List<Long> operations,
    List<Long> staleSamples,
    int nodes,
    int members) {
  private static final String BUCKET = "coterie_replica_round_trip_ms_bucket{";

  public static RoundTripHistogram of(NodeHttp http, List<ClusterFile.Entry> nodes) {
    List<String> texts = new ArrayList<>();
    for (ClusterFile.Entry node : nodes) {
      if (http.send(node.admin(), "GET", "/metrics", Map.of()) instanceof NodeHttp.Reply reply
          && reply.status() == 200) {
        texts.add(reply.text());
      }
    }
    return parse(texts);
  }

  /// @param texts what each node's `/metrics` says
  static RoundTripHistogram parse(List<String> texts) {
    SortedMap<Double, Long> reads = new TreeMap<>();
    SortedMap<Double, Long> writes = new TreeMap<>();
    long[] sums = new long[4];
    int members = 0;
    for (String text : texts) {
      SortedMap<Double, Long> readsUpTo = new TreeMap<>();
      SortedMap<Double, Long> writesUpTo = new TreeMap<>();
      for (String line : text.lines().toList()) {
        if (line.startsWith(BUCKET)) {
          boolean read = line.contains("what=\"read\"");
          (read ? readsUpTo : writesUpTo).put(bound(line), value(line));
        } else if (line.startsWith("coterie_reads_total{") && line.contains("\"answered\"")) {
          sums[0] += value(line);
        } else if (line.startsWith("coterie_writes_total{") && line.contains("\"applied\"")) {
          sums[1] += value(line);
        } else if (line.startsWith("coterie_sampled_reads_total ")) {
          sums[2] += value(line);
        } else if (line.startsWith("coterie_stale_reads_total ")) {
          sums[3] += value(line);
        } else if (line.startsWith("coterie_members ")) {
          members = Math.max(members, (int) value(line));
        }
      }
      apart(readsUpTo, reads);
      apart(writesUpTo, writes);
    }
    return new RoundTripHistogram(
        reads, writes, List.of(sums[0], sums[1]), List.of(sums[2], sums[3]), texts.size(), members);
  }

  private static double bound(String line) {
    int from = line.indexOf("le=\"") + 4;
    String text = line.substring(from, line.indexOf('"', from));
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  private static long value(String line) {
    return Math.round(Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
  }

  /// Buckets are told with all that lies below them.
  private static void apart(SortedMap<Double, Long> upTo, SortedMap<Double, Long> into) {
    long below = 0;
    for (Map.Entry<Double, Long> each : upTo.entrySet()) {
      into.merge(each.getKey(), each.getValue() - below, Long::sum);
      below = each.getValue();
    }
  }

  /// What has been added since `before`.
  public RoundTripHistogram since(RoundTripHistogram before) {
    return new RoundTripHistogram(
        less(reads, before.reads),
        less(writes, before.writes),
        less(operations, before.operations),
        less(staleSamples, before.staleSamples),
        nodes,
        members);
  }

  private static List<Long> less(List<Long> now, List<Long> before) {
    List<Long> rest = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      rest.add(Math.max(0, now.get(i) - before.get(i)));
    }
    return rest;
  }

  private static SortedMap<Double, Long> less(
      SortedMap<Double, Long> now, SortedMap<Double, Long> before) {
    SortedMap<Double, Long> rest = new TreeMap<>();
    now.forEach(
        (bound, count) -> rest.put(bound, Math.max(0, count - before.getOrDefault(bound, 0L))));
    return rest;
  }

  public static long count(SortedMap<Double, Long> side) {
    long count = 0;
    for (long each : side.values()) {
      count += each;
    }
    return count;
  }

  /// Values at equal steps of the share that does not exceed them, from 0 to 1, straight lines
  /// within a bucket; what lies above the last bound counts as that.
  public static List<Double> quantiles(SortedMap<Double, Long> side, int steps) {
    long all = count(side);
    List<Double> quantiles = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      double wanted = (double) i * all / (steps - 1);
      double below = 0;
      double low = 0;
      double found = 0;
      for (Map.Entry<Double, Long> each : side.entrySet()) {
        double high = Double.isInfinite(each.getKey()) ? low : each.getKey();
        if (each.getValue() > 0) {
          found = low + (high - low) * Math.clamp((wanted - below) / each.getValue(), 0, 1);
          if (below + each.getValue() >= wanted) {
            break;
          }
        }
        below += each.getValue();
        low = high;
      }
      quantiles.add(found);
    }
    return quantiles;
  }
}
