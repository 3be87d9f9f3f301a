// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.core.base.Prng;
import dev.coterie.server.config.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The clients of one round, each on a thread of its own, until they are told to stop.
final class Load {
  /// Fifteen clients, of two cores, leave most to the nodes and to others.
  private static final long PAUSE_MAX = 80 * Clock.MILLI;

  /// One client in so many waits long for each answer, so that late ones are judged, too.
  private static final int PATIENT_ONE_IN = 5;

  /// A client that was refused waits a little before it goes on.
  private static final long PAUSE_REFUSED = 200 * Clock.MILLI;

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  /// @param round names the round's keys
  Load(
      int round,
      int clients,
      int sharedKeys,
      Prng draws,
      List<String> ids,
      List<HostPort> nodes,
      History history) {
    List<String> shared = new ArrayList<>();
    for (int key = 0; key < sharedKeys; key++) {
      shared.add("r" + round + "-shared-" + key);
    }
    for (int i = 1; i <= clients; i++) {
      Prng own = draws.fork("client " + i);
      Client client =
          new Client(
              "c" + i,
              own.fork("acts"),
              i % PATIENT_ONE_IN == 0 ? Client.Patience.ofFew() : Client.Patience.ofMost(),
              ids,
              nodes,
              shared,
              "r" + round + "-",
              history);
      Runnable life =
          () -> {
            while (!stopping) {
              boolean answered = client.act();
              LockSupport.parkNanos(own.between(0, PAUSE_MAX) + (answered ? 0 : PAUSE_REFUSED));
            }
          };
      threads.add(Thread.ofPlatform().daemon().name("client-" + i).unstarted(life));
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /// Returns when the last operation is over.
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
