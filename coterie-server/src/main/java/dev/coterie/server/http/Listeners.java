// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.codec.token.ContextToken;
import dev.coterie.host.metric.NodeMetrics;
import dev.coterie.host.service.NodeService;
import dev.coterie.server.dashboard.Dashboard;
import dev.coterie.server.lab.Lab;
import dev.coterie.server.metrics.MetricsText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Opens the listeners of a node: one for clients, one for operators.
///
/// @param runtime the event loops that both use
/// @param node the node that they speak for
public record Listeners(HttpListener.Runtime runtime, NodeService node) {
  /// Operators are few and their answers small.
  private static final HttpLimits ADMIN_LIMITS = new HttpLimits(1024, 128, 128, 64, 8, 1 << 20);

  /// Opens the listener for clients.
  ///
  /// @param tokens seals and opens the contexts that clients carry
  /// @param figures what `/stats` counts
  /// @param adminUrl where the admin listener is, for the list of resources
  /// @throws IOException where the address cannot be listened on; nothing is left open then
  public HttpListener client(
      InetSocketAddress address,
      ContextToken tokens,
      HttpLimits limits,
      HttpTimes times,
      Supplier<NodeMetrics> figures,
      String adminUrl)
      throws IOException {
    Backend backend =
        new Backend(
            node, tokens, limits, times.timeoutMillis(), runtime.clock(), new SecureRandom());
    HttpMeters meters = new HttpMeters();
    ClientRoutes routes =
        new ClientRoutes(
            backend, new Computed(_ -> stats(figures.get(), meters)), new RootResource(adminUrl));
    return new HttpListener(address, runtime, routes, limits, times, meters);
  }

  /// Opens the listener for operators.
  ///
  /// @param lab null where it is switched off
  /// @throws IOException as [#client]
  public HttpListener admin(
      InetSocketAddress address,
      HttpTimes times,
      MetricsText metrics,
      Dashboard dashboard,
      @Nullable Lab lab)
      throws IOException {
    return new HttpListener(
        address,
        runtime,
        new AdminRoutes(node, metrics, dashboard, lab),
        ADMIN_LIMITS,
        times,
        new HttpMeters());
  }

  /// Opens a listener for the Lab alone, without a node.
  ///
  /// @throws IOException as [#client]
  public static HttpListener lab(InetSocketAddress address, HttpListener.Runtime runtime, Lab lab)
      throws IOException {
    LabResources resources = new LabResources(lab);
    Reply list = Reply.json("{\"lab\":\"/lab\"}\n");
    Routes routes =
        exchange -> {
          String uri = exchange.uri();
          int question = uri.indexOf('?');
          String path = question < 0 ? uri : uri.substring(0, question);
          if (LabResources.isBelow(path)) {
            resources.route(exchange, path);
          } else if (WebFiles.isBelow(path) && exchange.verb().reads()) {
            exchange.answer(WebFiles.asset(path));
          } else {
            exchange.answer(
                path.equals("/") ? list : Reply.text(Status.NOT_FOUND, "no such resource"));
          }
        };
    return new HttpListener(
        address, runtime, routes, ADMIN_LIMITS, HttpTimes.standard(), new HttpMeters());
  }

  /// The node's status, what it counts under Riak's names where Riak has some, and how many
  /// responses of each kind there were.
  private Reply stats(NodeMetrics figures, HttpMeters meters) {
    ObjectNode root = StatusJson.write(node.self(), node.status());
    RiakStats.put(root, node.self(), node.status(), figures);
    ObjectNode responses = root.putObject("http_responses");
    meters.read((method, status, count) -> responses.put(method + "_" + status, count));
    return Reply.json(root.toString());
  }
}
