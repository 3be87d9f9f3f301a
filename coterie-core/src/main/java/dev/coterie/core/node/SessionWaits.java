// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.coordinator.Origin;
import dev.coterie.core.message.Request;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes whose session has seen more than this owner: they wait a little for its clock to catch
/// up. A read does not wait here: it asks the other owners at once.
final class SessionWaits {
  /// @param until when another owner is to be tried
  record Waiting(Origin origin, Request request, GroupId group, long until, long deadline) {}

  private final Context context;
  private final Map<Long, Waiting> waiting = new LinkedHashMap<>();

  SessionWaits(Context context) {
    this.context = context;
  }

  int inFlight() {
    return waiting.size();
  }

  /// A write that was handed on waits less: who handed it on may know an owner that is further.
  void add(Origin origin, Request request, GroupId group, long deadline) {
    long most = context.config.reads().sessionWaitNanos();
    long until = context.now + (origin instanceof Origin.Forwarder ? most / 4 : most);
    long id = context.nextId();
    waiting.put(id, new Waiting(origin, request, group, Math.min(until, deadline), deadline));
    wake(id);
  }

  private void wake(long id) {
    context.timers.set(
        Timers.Kind.SESSION, id, context.now + context.config.reads().sessionPollNanos());
  }

  /// Whether this owner's clock holds what the session of `request` has seen.
  boolean covers(Request request, GroupId group) {
    return context.vnode(group).clock().containsAll(request.session().floor(group));
  }

  /// The write that need not or must not wait any longer; null where it goes on waiting.
  @Nullable Waiting tick(long id) {
    Waiting write = waiting.get(id);
    if (write == null) {
      return null;
    }
    if (covers(write.request(), write.group()) || context.now >= write.until()) {
      waiting.remove(id);
      return write;
    }
    wake(id);
    return null;
  }

  /// All that wait, which they do no longer.
  List<Waiting> takeAll() {
    List<Waiting> all = new ArrayList<>(waiting.values());
    waiting.clear();
    return all;
  }
}
