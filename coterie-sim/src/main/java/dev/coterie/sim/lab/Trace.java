// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.sim.lab.Recording.State;
import dev.coterie.sim.lab.Recording.Type;
import java.util.ArrayList;
import java.util.List;

/// A recording, looked up by operation, by replica and by node: who held what when, which messages
/// an operation caused, and how nodes and links were. Times in µs.
final class Trace {
  /// Lists of entries, one behind the other.
  private static final class Index {
    private final int[] from;
    private final int[] entries;
    private final int[] next;

    Index(int[] counts) {
      from = new int[counts.length + 1];
      for (int i = 0; i < counts.length; i++) {
        from[i + 1] = from[i] + counts[i];
      }
      entries = new int[from[counts.length]];
      next = from.clone();
    }

    void add(int list, int entry) {
      entries[next[list]++] = entry;
    }

    int size(int list) {
      return from[list + 1] - from[list];
    }

    int entry(int list, int i) {
      return entries[from[list] + i];
    }
  }

  private final Recording recording;
  private final List<LabOperation> operations;
  private final List<Failure> failures;
  private final int nodes;
  private final Index messages;
  private final Index versions;
  private final List<List<Integer>> states = new ArrayList<>();

  Trace(LabRun run) {
    this.recording = run.recording();
    this.operations = run.operations();
    this.failures = run.scenario().failures();
    this.nodes = (int) run.scenario().whole(Field.NODES);
    int keys = (int) run.scenario().whole(Field.KEYS);
    int[] messageCounts = new int[operations.size() + 1];
    int[] versionCounts = new int[keys * nodes];
    for (int node = 0; node < nodes; node++) {
      states.add(new ArrayList<>());
    }
    for (int entry = 0; entry < recording.size(); entry++) {
      if (recording.type(entry) == Type.SENT && recording.x(entry) > 0) {
        messageCounts[recording.x(entry)]++;
      } else if (recording.type(entry) == Type.VERSIONS) {
        versionCounts[recording.x(entry) * nodes + recording.a(entry)]++;
      } else if (recording.type(entry) == Type.STATE) {
        states.get(recording.a(entry)).add(entry);
      }
    }
    this.messages = new Index(messageCounts);
    this.versions = new Index(versionCounts);
    for (int entry = 0; entry < recording.size(); entry++) {
      if (recording.type(entry) == Type.SENT && recording.x(entry) > 0) {
        messages.add(recording.x(entry), entry);
      } else if (recording.type(entry) == Type.VERSIONS) {
        versions.add(recording.x(entry) * nodes + recording.a(entry), entry);
      }
    }
  }

  Recording recording() {
    return recording;
  }

  LabOperation operation(int id) {
    return operations.get(id - 1);
  }

  // Messages

  /// All messages of an operation, in the order in which they were sent.
  List<Integer> messagesOf(LabOperation operation) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < messages.size(operation.id); i++) {
      found.add(messages.entry(operation.id, i));
    }
    return found;
  }

  boolean is(int entry, MessageKind kind) {
    return recording.c(entry) == kind.number();
  }

  // Replicas

  /// Whether who holds these versions has seen `write`.
  boolean covers(int[] ids, LabOperation write) {
    for (int id : ids) {
      if (id == write.id) {
        return true;
      }
      if (id >= 1 && id <= operations.size()) {
        LabOperation held = operation(id);
        if (held.ordinal == write.ordinal || held.past.contains(write.ordinal)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether `node` had seen `write` at `micros`.
  boolean hasAt(int node, LabOperation write, long micros) {
    int list = write.key * nodes + node;
    int set = 0;
    for (int i = 0; i < versions.size(list); i++) {
      int entry = versions.entry(list, i);
      if (recording.at(entry) > micros) {
        break;
      }
      set = recording.y(entry);
    }
    return covers(recording.versions(set), write);
  }

  /// The first moment not before `micros` at which `node` has seen `write`; -1 for never.
  long hasFrom(int node, LabOperation write, long micros) {
    if (hasAt(node, write, micros)) {
      return micros;
    }
    int list = write.key * nodes + node;
    for (int i = 0; i < versions.size(list); i++) {
      int entry = versions.entry(list, i);
      if (recording.at(entry) > micros && covers(recording.versions(recording.y(entry)), write)) {
        return recording.at(entry);
      }
    }
    return -1;
  }

  /// When `node` lost `write`, which it had seen before `micros`; -1 where it did not.
  long lostBefore(int node, LabOperation write, long micros) {
    int list = write.key * nodes + node;
    boolean had = false;
    long lost = -1;
    for (int i = 0; i < versions.size(list); i++) {
      int entry = versions.entry(list, i);
      if (recording.at(entry) > micros) {
        break;
      }
      boolean has = covers(recording.versions(recording.y(entry)), write);
      lost = had && !has ? recording.at(entry) : has ? -1 : lost;
      had |= has;
    }
    return lost;
  }

  // Nodes and links

  State stateAt(int node, long micros) {
    State state = State.UP;
    for (int entry : states.get(node)) {
      if (recording.at(entry) > micros) {
        break;
      }
      state = State.values()[recording.x(entry)];
    }
    return state;
  }

  /// When the state that `node` is in at `micros` began; and when it ended, or the recording did.
  long[] spanAt(int node, long micros) {
    long begun = 0;
    for (int entry : states.get(node)) {
      if (recording.at(entry) > micros) {
        return new long[] {begun, recording.at(entry)};
      }
      begun = recording.at(entry);
    }
    return new long[] {begun, recording.end()};
  }

  /// When `node` first went down at or after `from` and before `to`; -1 where it did not.
  long downBetween(int node, long from, long to) {
    for (int entry : states.get(node)) {
      if (recording.at(entry) >= from
          && recording.at(entry) < to
          && State.values()[recording.x(entry)] == State.DOWN) {
        return recording.at(entry);
      }
    }
    return -1;
  }

  /// Whether messages from one node to another were lost at a cut at `micros`.
  boolean isCut(int from, int to, long micros) {
    return failures.stream().anyMatch(failure -> cuts(failure, from, to, micros));
  }

  private static boolean cuts(Failure failure, int from, int to, long micros) {
    boolean cuts = failure.kind() == Failure.Kind.SPLIT || failure.kind() == Failure.Kind.ONEWAY;
    if (!cuts || micros < failure.at() * 1000 || micros >= failure.until() * 1000) {
      return false;
    }
    List<Integer> one = failure.sides().getFirst();
    List<Integer> other = failure.sides().getLast();
    boolean there = one.contains(from) && other.contains(to);
    boolean back = one.contains(to) && other.contains(from);
    return there || (back && failure.kind() == Failure.Kind.SPLIT);
  }

  /// How many times longer messages of `node` took at `micros`.
  int slowness(int node, long micros) {
    int factor = 1;
    for (Failure failure : failures) {
      if (failure.kind() == Failure.Kind.SLOW
          && failure.sides().getFirst().contains(node)
          && micros >= failure.at() * 1000
          && micros < failure.until() * 1000) {
        factor = Math.max(factor, failure.factor());
      }
    }
    return factor;
  }

  // Reads

  /// Who coordinated a read: the node that was called, or the last that it was handed to.
  int coordinator(LabOperation read) {
    int coordinator = read.via;
    for (int entry : messagesOf(read)) {
      if (is(entry, MessageKind.FORWARD) && recording.fate(entry) == Recording.Fate.TAKEN) {
        coordinator = recording.b(entry);
      }
    }
    return coordinator;
  }

  /// When the coordinator of a read took it.
  long takenAt(LabOperation read) {
    long taken = Math.max(read.began, read.reached);
    for (int entry : messagesOf(read)) {
      if (is(entry, MessageKind.FORWARD) && recording.fate(entry) == Recording.Fate.TAKEN) {
        taken = recording.y(entry);
      }
    }
    int coordinator = coordinator(read);
    if (stateAt(coordinator, taken) == State.PAUSED) {
      taken = spanAt(coordinator, taken)[1] - 1; // what came behind it was not yet taken in
    }
    return read.ended < 0 ? taken : Math.min(taken, read.ended);
  }

  /// When `node` looked for the read's key: as its answer left, or, where it coordinates, as it
  /// took the read.
  long lookedAt(LabOperation read, int node) {
    LabOperation.Answer answer = read.answerOf(node);
    return answer == null ? takenAt(read) : answer.at();
  }
}
