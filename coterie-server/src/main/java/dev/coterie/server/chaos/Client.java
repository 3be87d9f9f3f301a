// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.core.base.Prng;
import dev.coterie.server.chaos.Operation.Call;
import dev.coterie.server.chaos.Operation.Kind;
import dev.coterie.server.chaos.Operation.Outcome;
import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// One client: asks any node, one request at a time, and keeps for each key the context it last got
/// and whose values had come with it. A node that refused, or was silent, it leaves alone for a
/// moment, and turns to the others; what it asks again is an operation of its own. A few keys are
/// shared by all clients and written over and over; others are written by one client once, some of
/// them deleted later, and then left alone: nothing hides their loss.
final class Client {
  static final String BUCKET_PATH = "/buckets/chaos/keys/";
  private static final int N = 3;
  private static final int CONNECT_MILLIS = 500;
  private static final int TRIES = 2;
  private static final long LEFT_ALONE_MIN = Clock.SECOND;
  private static final long LEFT_ALONE_MAX = 3 * Clock.SECOND;
  private static final int OWN_KEYS_MAX = 40;

  /// For how long a client waits for an answer, in ms: twice as long after each silence, half as
  /// long after each answer. So a cluster that is slow as a whole, on a busy machine, is not taken
  /// for one that hangs.
  static final class Patience {
    private static final int MOST = 4_000;

    private final int least;
    private int millis;

    private Patience(int least) {
      this.least = least;
      this.millis = least;
    }

    /// Half a second, while nodes answer.
    static Patience ofMost() {
      return new Patience(500);
    }

    /// For what comes late over a slow link, or from a node that was paused.
    static Patience ofFew() {
      return new Patience(2_500);
    }

    int millis() {
      return millis;
    }

    /// For how long a node may work at a request: less, so that it can still say what came of it.
    int nodeMillis() {
      return millis * 4 / 5;
    }

    void answered() {
      millis = Math.max(least, millis / 2);
    }

    /// @param waited ns; a refusal that came at once says nothing of how slow the nodes are
    void refused(long waited) {
      if (waited >= nodeMillis() * Clock.MILLI) {
        millis = Math.min(MOST, millis * 2);
      }
    }
  }

  /// What the client knows of a key.
  private record Known(String context, List<Integer> seen) {
    static final Known NOTHING = new Known("", List.of());
  }

  private final String name;
  private final Prng draws;
  private final List<String> ids;
  private final List<HostPort> nodes;
  private final List<String> sharedKeys;
  private final String ownPrefix;
  private final History history;
  private final Patience patience;
  private final long[] leftAloneUntil;
  private final Map<String, Known> known = new HashMap<>();
  private final Map<String, Known> stale = new HashMap<>();
  private final List<String> ownKeys = new ArrayList<>();
  private int ownCount;
  private boolean applied = true;

  /// @param patience how long it waits
  /// @param ids of the nodes
  /// @param nodes where they listen, in the same order
  Client(
      String name,
      Prng draws,
      Patience patience,
      List<String> ids,
      List<HostPort> nodes,
      List<String> sharedKeys,
      String ownPrefix,
      History history) {
    this.name = name;
    this.draws = draws;
    this.patience = patience;
    this.leftAloneUntil = new long[nodes.size()];
    Arrays.fill(leftAloneUntil, System.nanoTime());
    this.ids = ids;
    this.nodes = nodes;
    this.sharedKeys = sharedKeys;
    this.ownPrefix = ownPrefix;
    this.history = history;
  }

  String name() {
    return name;
  }

  List<Integer> seen(String key) {
    return known.getOrDefault(key, Known.NOTHING).seen();
  }

  /// Does one thing, and logs it.
  ///
  /// @return whether its last operation was applied
  boolean act() {
    choose();
    return applied;
  }

  private void choose() {
    int what = draws.nextInt(100);
    if (what < 10) {
      ownKey(what);
      return;
    }
    String key = draws.pick(sharedKeys);
    if (what < 42) {
      get(key);
    } else if (what < 76) {
      if (!known.containsKey(key)) {
        get(key);
      }
      put(key);
    } else if (what < 84) {
      known.remove(key); // blind: what is there stays beside it
      put(key);
    } else if (what < 89) {
      // What the client has read a while ago, as an application that dawdles does.
      Known before = stale.get(key);
      if (before != null) {
        known.put(key, before);
      }
      put(key);
    } else if (what < 95) {
      get(key);
      put(key);
    } else {
      get(key);
      delete(key);
    }
  }

  private void ownKey(int what) {
    if (what < 4 || ownKeys.isEmpty()) {
      String key = ownPrefix + name + "-" + ownCount++;
      put(key);
      ownKeys.add(key);
      if (ownKeys.size() > OWN_KEYS_MAX) {
        known.remove(ownKeys.removeFirst());
      }
      return;
    }
    String key = draws.pick(ownKeys);
    if (what < 7) {
      if (known.containsKey(key)) {
        delete(key);
      }
      ownKeys.remove(key);
      known.remove(key);
    } else {
      get(key);
    }
  }

  private int level() {
    int drawn = draws.nextInt(100);
    return drawn < 8 ? 1 : drawn < 90 ? 2 : N;
  }

  /// Any node but those left alone, if there is one.
  private int node() {
    long now = System.nanoTime();
    List<Integer> answering = new ArrayList<>();
    for (int node = 0; node < nodes.size(); node++) {
      if (now - leftAloneUntil[node] >= 0) {
        answering.add(node);
      }
    }
    return answering.isEmpty() ? draws.nextInt(nodes.size()) : draws.pick(answering);
  }

  private void get(String key) {
    boolean answered = false;
    for (int each = 0; each < TRIES && !answered; each++) {
      answered = isRead(key);
    }
  }

  private boolean isRead(String key) {
    int node = node();
    int r = level();
    Call call = history.call(history.nextId(), Kind.GET, key, this, ids.get(node), r);
    Answer answer = at(node).get(BUCKET_PATH + key, "r=" + r + timeout());
    switch (answer) {
      case Answer.Found found -> {
        List<Integer> values = idsOf(found.values());
        remember(key, new Known(found.context(), values));
        over(call, Outcome.APPLIED, values, "");
      }
      case Answer.Missing missing -> {
        remember(key, new Known(missing.context(), List.of()));
        over(call, Outcome.APPLIED, List.of(), "");
      }
      case Answer.Rejected(_, String sentence, _) ->
          over(call, Outcome.REJECTED, List.of(), sentence);
      case Answer.Unreachable(List<String> sentences) ->
          over(call, Outcome.REJECTED, List.of(), String.join("; ", sentences));
      case Answer.Applied _, Answer.Indeterminate _ ->
          over(call, Outcome.REJECTED, List.of(), "an answer that makes no sense");
    }
    return applied;
  }

  private void remember(String key, Known now) {
    Known before = known.put(key, now);
    if (before != null && draws.nextInt(4) == 0) {
      stale.put(key, before);
    }
  }

  private void put(String key) {
    boolean reached = false;
    for (int each = 0; each < TRIES && !reached; each++) {
      reached = isSent(key);
    }
  }

  /// Sends a new value.
  ///
  /// @return whether a node may have it: a client that reached none goes to another with what it
  ///   has
  private boolean isSent(String key) {
    int node = node();
    int w = level();
    int id = history.nextId();
    Known before = known.getOrDefault(key, Known.NOTHING);
    Call call = history.call(id, Kind.PUT, key, this, ids.get(node), w);
    KeyClient.Put put = valueOf(id, before.context());
    Answer answer = at(node).put(BUCKET_PATH + key, "w=" + w + timeout(), put);
    changed(call, answer);
    return !(answer instanceof Answer.Unreachable);
  }

  private void delete(String key) {
    Known before = known.getOrDefault(key, Known.NOTHING);
    if (before.context().isEmpty()) {
      return; // a delete without a context would delete what this client has not seen
    }
    int node = node();
    int w = level();
    Call call = history.call(history.nextId(), Kind.DELETE, key, this, ids.get(node), w);
    changed(call, at(node).delete(BUCKET_PATH + key, "w=" + w + timeout(), before.context()));
  }

  private void changed(Call call, Answer answer) {
    switch (answer) {
      case Answer.Applied applied -> {
        if (call.kind() == Kind.DELETE || applied.context().isEmpty()) {
          known.remove(call.key());
        } else {
          TreeSet<Integer> seen = new TreeSet<>(call.seen());
          seen.add(call.id());
          remember(call.key(), new Known(applied.context(), List.copyOf(seen)));
        }
        over(call, Outcome.APPLIED, List.of(), "");
      }
      case Answer.Rejected(_, String sentence, _) -> {
        known.remove(call.key());
        over(call, Outcome.REJECTED, List.of(), sentence);
      }
      case Answer.Unreachable(List<String> sentences) ->
          over(call, Outcome.REJECTED, List.of(), String.join("; ", sentences));
      case Answer.Indeterminate(String sentence, _) -> {
        known.remove(call.key());
        over(call, Outcome.INDETERMINATE, List.of(), sentence);
      }
      case Answer.Missing _ -> over(call, Outcome.INDETERMINATE, List.of(), "nothing was there");
      case Answer.Found _ ->
          over(call, Outcome.INDETERMINATE, List.of(), "an answer that makes no sense");
    }
  }

  private void over(Call call, Outcome outcome, List<Integer> values, String sentence) {
    applied = outcome == Outcome.APPLIED;
    if (applied) {
      patience.answered();
    } else {
      patience.refused(history.now() - call.at());
      leftAloneUntil[ids.indexOf(call.node())] =
          System.nanoTime() + draws.between(LEFT_ALONE_MIN, LEFT_ALONE_MAX);
    }
    history.over(call, outcome, values, sentence);
  }

  private String timeout() {
    return "&timeout=" + patience.nodeMillis();
  }

  private KeyClient at(int node) {
    return new KeyClient(new NodeHttp(CONNECT_MILLIS, patience.millis()), List.of(nodes.get(node)));
  }

  /// Writes what `delete` had deleted, as it was, behind everybody's back.
  static Answer rewrite(List<HostPort> nodes, Operation delete) {
    KeyClient client = new KeyClient(new NodeHttp(1_000, 5_000), nodes);
    int id = delete.call().seen().getFirst();
    return client.put(BUCKET_PATH + delete.call().key(), "", valueOf(id, ""));
  }

  private static KeyClient.Put valueOf(int id, String context) {
    return new KeyClient.Put(WriteValue.of(id), context, Map.of("Content-Type", "text/plain"));
  }

  /// The writes that the values name, each once.
  static List<Integer> idsOf(List<Answer.Value> values) {
    TreeSet<Integer> ids = new TreeSet<>();
    for (Answer.Value value : values) {
      ids.add(WriteValue.idOf(value.bytes()));
    }
    return List.copyOf(ids);
  }
}
