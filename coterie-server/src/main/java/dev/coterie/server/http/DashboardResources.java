// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.server.dashboard.Dashboard;

/// `/dashboard`, how the whole cluster stands as JSON, and `/dashboard/stream`, the same once a
/// second as server-sent events, on the listener for operators.
final class DashboardResources {
  static final String PATH = "/dashboard";
  static final String STREAM = "/dashboard/stream";
  private static final Reply CROWDED =
      Reply.of(
              Status.TOO_MANY_REQUESTS,
              "application/json",
              ResponseBuffer.ascii(
                  "{\"error\":{\"code\":\"TOO_MANY_WATCHERS\",\"sentence\":\""
                      + Dashboard.STREAMS_MAX
                      + " streams are open on this node; close one, or ask another node. GET "
                      + PATH
                      + " answers all the same.\"}}\n"))
          .with("Retry-After: 5");

  private DashboardResources() {}

  static Resource whole(Dashboard dashboard) {
    return new Computed(_ -> Reply.json(dashboard.json() + "\n").with("Cache-Control: no-store"));
  }

  static Resource stream(Dashboard dashboard) {
    return new Computed(
        exchange ->
            dashboard.watchers().open() >= Dashboard.STREAMS_MAX
                ? crowded(dashboard)
                : exchange.watch(
                    watcher -> {
                      if (dashboard.admit()) {
                        dashboard.follow(watcher);
                      } else {
                        watcher.end();
                      }
                    }));
  }

  private static Reply crowded(Dashboard dashboard) {
    dashboard.refuse();
    return CROWDED;
  }
}
