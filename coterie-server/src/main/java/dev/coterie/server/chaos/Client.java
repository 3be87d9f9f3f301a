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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// One client: asks any node, one request at a time, and keeps for each key the context it last got
/// and whose values had come with it. A few keys are shared by all clients and written over and
/// over; others are written by one client once, some of them deleted later, and then left alone:
/// nothing hides their loss.
final class Client {
  static final String BUCKET_PATH = "/buckets/chaos/keys/";
  private static final int N = 3;
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int OWN_KEYS_MAX = 40;

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
  private final NodeHttp http = new NodeHttp(500, TIMEOUT_MILLIS + 2_000);
  private final Map<String, Known> known = new HashMap<>();
  private final Map<String, Known> stale = new HashMap<>();
  private final List<String> ownKeys = new ArrayList<>();
  private int ownCount;
  private boolean applied;

  /// @param ids of the nodes
  /// @param nodes where they listen, in the same order
  Client(
      String name,
      Prng draws,
      List<String> ids,
      List<HostPort> nodes,
      List<String> sharedKeys,
      String ownPrefix,
      History history) {
    this.name = name;
    this.draws = draws;
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
  /// @return whether it was applied
  boolean act() {
    applied = true;
    choose();
    return applied;
  }

  private void choose() {
    int what = draws.nextInt(100);
    if (what < 22) {
      ownKey(what);
      return;
    }
    String key = draws.pick(sharedKeys);
    if (what < 50) {
      get(key);
    } else if (what < 78) {
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
    if (what < 13 || ownKeys.isEmpty()) {
      String key = ownPrefix + name + "-" + ownCount++;
      put(key);
      ownKeys.add(key);
      if (ownKeys.size() > OWN_KEYS_MAX) {
        known.remove(ownKeys.removeFirst());
      }
      return;
    }
    String key = draws.pick(ownKeys);
    if (what < 18) {
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

  private void get(String key) {
    int node = draws.nextInt(nodes.size());
    int r = level();
    Call call = history.call(history.nextId(), Kind.GET, key, this, ids.get(node), r);
    Answer answer = at(node).get(BUCKET_PATH + key, "r=" + r + "&timeout=" + TIMEOUT_MILLIS);
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
  }

  private void remember(String key, Known now) {
    Known before = known.put(key, now);
    if (before != null && draws.nextInt(4) == 0) {
      stale.put(key, before);
    }
  }

  private void put(String key) {
    int node = draws.nextInt(nodes.size());
    int w = level();
    int id = history.nextId();
    Known before = known.getOrDefault(key, Known.NOTHING);
    Call call = history.call(id, Kind.PUT, key, this, ids.get(node), w);
    KeyClient.Put put = valueOf(id, before.context());
    changed(call, at(node).put(BUCKET_PATH + key, "w=" + w + "&timeout=" + TIMEOUT_MILLIS, put));
  }

  private void delete(String key) {
    Known before = known.getOrDefault(key, Known.NOTHING);
    if (before.context().isEmpty()) {
      return; // a delete without a context would delete what this client has not seen
    }
    int node = draws.nextInt(nodes.size());
    int w = level();
    Call call = history.call(history.nextId(), Kind.DELETE, key, this, ids.get(node), w);
    String query = "w=" + w + "&timeout=" + TIMEOUT_MILLIS;
    changed(call, at(node).delete(BUCKET_PATH + key, query, before.context()));
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
    applied &= outcome == Outcome.APPLIED;
    history.over(call, outcome, values, sentence);
  }

  private KeyClient at(int node) {
    return new KeyClient(http, List.of(nodes.get(node)));
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
