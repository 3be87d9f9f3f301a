// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Probes that others have asked for, bounded in number.
final class Helping {
  static final int TASKS_MAX = 256;

  /// @param asker who waits, under `askerSequence`
  /// @param nackAt when the asker is told that there is no answer yet
  record Task(NodeId asker, long askerSequence, NodeId target, long nackAt) {}

  private final Map<Long, Task> tasks = new LinkedHashMap<>();

  boolean isFull() {
    return tasks.size() >= TASKS_MAX;
  }

  void add(long sequence, Task task) {
    tasks.put(sequence, task);
  }

  /// The task whose probe `target` has answered; null where there is none.
  @Nullable Task answered(long sequence, NodeId target) {
    Task task = tasks.get(sequence);
    if (task == null || !task.target().equals(target)) {
      return null;
    }
    tasks.remove(sequence);
    return task;
  }

  long due() {
    long due = Long.MAX_VALUE;
    for (Task task : tasks.values()) {
      due = Math.min(due, task.nackAt());
    }
    return due;
  }

  List<Task> takeDue(long now) {
    List<Task> due = new ArrayList<>();
    for (Task task : tasks.values()) {
      if (task.nackAt() <= now) {
        due.add(task);
      }
    }
    tasks.values().removeAll(due);
    return due;
  }
}
