// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Session;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.World;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What clients know: of each key the last context that they were given, and which writes they have
/// really seen with it; of a session what it has seen of all keys. Whoever has seen a write has
/// seen all that its writer had.
final class Knowledge {
  /// What a client knows of a key: the context it will send back, and the writes that it has really
  /// seen.
  record Token(CausalContext context, BitSet known) {}

  static final Token NOTHING = new Token(CausalContext.EMPTY, new BitSet());

  private final World world;
  private final History history;
  private final Map<String, SortedMap<ObjectKey, Token>> clients = new LinkedHashMap<>();
  private final SortedMap<ObjectKey, Token> oldTokens = new TreeMap<>();
  private final SortedMap<String, Session> sessions = new TreeMap<>();
  private final SortedMap<String, BitSet> sessionsSeen = new TreeMap<>();

  Knowledge(World world, History history) {
    this.world = world;
    this.history = history;
  }

  // Keys

  private SortedMap<ObjectKey, Token> tokens(String client) {
    return clients.computeIfAbsent(client, _ -> new TreeMap<>());
  }

  /// The last that `client` was told of `key`.
  Token last(String client, ObjectKey key) {
    return tokens(client).getOrDefault(key, NOTHING);
  }

  /// The first that anybody was told of `key`.
  Token old(ObjectKey key) {
    return oldTokens.getOrDefault(key, NOTHING);
  }

  /// Another key of which the client has a context, the last by name; `key` where there is none.
  ObjectKey other(String client, ObjectKey key) {
    ObjectKey other = key;
    for (ObjectKey each : tokens(client).keySet()) {
      other = each.equals(key) ? other : each;
    }
    return other;
  }

  /// The client was told that its write is done, and left this record.
  void wrote(Operation write, KeyRecord record) {
    BitSet known = (BitSet) write.past.clone();
    known.set(write.id);
    for (Sibling sibling : record.siblings()) {
      know(known, History.idOf(sibling.value()));
    }
    remember(write, new Token(record.context(), known));
  }

  /// The client was shown the values of `read`, with this context.
  void read(Operation read, CausalContext context) {
    BitSet known = new BitSet();
    for (int id : read.values) {
      know(known, id);
    }
    knowExpired(known, read.key, context);
    remember(read, new Token(context, known));
  }

  private void know(BitSet known, int id) {
    Operation write = history.byId(id);
    if (write != null) {
      known.set(id);
      known.or(write.past);
    }
  }

  /// What the context covers and has expired by any clock was not shown, nor what has lost in a
  /// last-write-wins bucket: the client knows of it, and its next write replaces it.
  private void knowExpired(BitSet known, ObjectKey key, CausalContext context) {
    for (Operation write : history.writes(key)) {
      for (Dot dot : write.dots) {
        boolean unshown = write.stamp > 0 || write.isExpired(world.latestWallMillis());
        if (unshown && context.contains(dot)) {
          know(known, write.id);
        }
      }
    }
  }

  private void remember(Operation operation, Token token) {
    tokens(operation.client).put(operation.key, token);
    oldTokens.putIfAbsent(operation.key, token);
  }

  // Sessions

  private BitSet seen(String client) {
    return sessionsSeen.computeIfAbsent(client, _ -> new BitSet());
  }

  /// `operation` belongs to its client's session.
  void inSession(Operation operation) {
    operation.session = (BitSet) seen(operation.client).clone();
  }

  /// What the client's session says; it is not bound to a node.
  Session session(Operation operation) {
    return operation.session == null
        ? Session.NONE
        : sessions.getOrDefault(operation.client, Session.NEW);
  }

  /// The client takes over what the answer has added to its session.
  void answered(Operation operation, Outcome outcome) {
    if (operation.session == null) {
      return;
    }
    sessions.put(operation.client, session(operation).join(outcome.receipt().session()));
    BitSet seen = seen(operation.client);
    if (operation.isAcked()) {
      seen.set(operation.id);
      seen.or(operation.past);
    }
    for (int id : operation.values) {
      know(seen, id);
    }
  }
}
