// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.chaos.Evidence.Reading;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Reads keys through every node, at r=all and at r=1, until all of them give the same or time is
/// up.
final class Survey {
  private static final int READERS = 6;
  private static final long PAUSE = 300 * Clock.MILLI;

  private final ChaosCluster cluster;
  private final NodeHttp http = new NodeHttp(1_000, 8_000);

  Survey(ChaosCluster cluster) {
    this.cluster = cluster;
  }

  /// @param nanos how long a key may take to read the same everywhere
  SortedMap<String, List<Reading>> read(List<String> keys, long nanos) throws InterruptedException {
    SortedMap<String, List<Reading>> all = new TreeMap<>();
    long deadline = System.nanoTime() + nanos;
    AtomicInteger next = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      Runnable work =
          () -> {
            for (int at = next.getAndIncrement(); at < keys.size(); at = next.getAndIncrement()) {
              List<Reading> readings = settled(keys.get(at), at, deadline);
              synchronized (all) {
                all.put(keys.get(at), readings);
              }
            }
          };
      threads.add(Thread.ofPlatform().daemon().name("survey-" + i).start(work));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return all;
  }

  private List<Reading> settled(String key, int turn, long deadline) {
    while (true) {
      List<Reading> readings = new ArrayList<>();
      for (String level : List.of("all", "1")) {
        for (int i = 0; i < cluster.nodes().size(); i++) {
          // Each key begins at another node: whoever is asked first has most to repair.
          ChaosNode node = cluster.nodes().get((i + turn) % cluster.nodes().size());
          readings.add(reading(node, key, level));
        }
      }
      boolean same = true;
      for (Reading reading : readings) {
        same &= reading.answered() && reading.values().equals(readings.getFirst().values());
      }
      if (same || System.nanoTime() - deadline > 0) {
        return readings;
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  private Reading reading(ChaosNode node, String key, String r) {
    KeyClient client = new KeyClient(http, List.of(node.ports().http()));
    String how = "r=" + r;
    return switch (client.get(Client.BUCKET_PATH + key, how + "&timeout=5000")) {
      case Answer.Found found ->
          new Reading(node.id(), how, true, Client.idsOf(found.values()), "");
      case Answer.Missing _ -> new Reading(node.id(), how, true, List.of(), "");
      case Answer.Rejected(_, String sentence, _) ->
          new Reading(node.id(), how, false, List.of(), sentence);
      case Answer.Unreachable(List<String> sentences) ->
          new Reading(node.id(), how, false, List.of(), String.join("; ", sentences));
      case Answer.Applied _, Answer.Indeterminate _ ->
          new Reading(node.id(), how, false, List.of(), "an answer that makes no sense");
    };
  }
}
