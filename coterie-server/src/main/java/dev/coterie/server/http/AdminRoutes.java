// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.message.Reason;
import dev.coterie.host.service.NodeService;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.server.dashboard.Dashboard;
import dev.coterie.server.lab.Lab;
import dev.coterie.server.metrics.MetricsText;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.jspecify.annotations.Nullable;

/// The resources that operators are offered, on a listener of their own. All of them only show, but
/// for the Lab: it plays runs of its own, and where the configuration allows it runs a workload on
/// the cluster, as any client could; the health answers say up or ready and nothing else. `/` is
/// the dashboard for who asks for HTML, else the list.
final class AdminRoutes implements Routes {
  private static final Reply LIVE = Reply.text(Status.OK, "up");
  private static final Reply READY = Reply.text(Status.OK, "ready");
  private static final Reply NOT_READY =
      Reply.text(Status.UNAVAILABLE, "not ready").because(Reason.Code.NOT_READY);
  private static final Reply NO_LAB =
      Reply.text(
          Status.NOT_FOUND,
          "The Lab is switched off on this node: admin.lab = true in its configuration and a restart"
              + " bring it back, ./coterie lab serve offers it without a node.");
  private static final Reply.Body LIST =
      Reply.json(
          "{\"dashboard\":\"/dashboard\",\"stream\":\"/dashboard/stream\",\"metrics\":\"/metrics\",\"status\":\"/status\",\"live\":\"/health/live\","
              + "\"ready\":\"/health/ready\",\"placement\":\"/placement?n=3\","
              + "\"explain\":\"/explain/buckets/B/keys/K\",\"lab\":\"/lab\"}\n");

  private final Resource metrics;
  private final Resource status;
  private final Resource ready;
  private final Resource placement;
  private final NodeService node;
  private final Resource dashboard;
  private final Resource stream;
  private final @Nullable LabResources lab;
  private final Resource live = new Fixed(LIVE);
  private final Resource list = new Computed(AdminRoutes::front);

  /// @param lab null where it is switched off
  AdminRoutes(NodeService node, MetricsText text, Dashboard dashboard, @Nullable Lab lab) {
    this.lab = lab == null ? null : new LabResources(lab);
    this.dashboard = DashboardResources.whole(dashboard);
    this.stream = DashboardResources.stream(dashboard);
    metrics = new Computed(exchange -> metrics(exchange, text));
    this.node = node;
    status = new Computed(_ -> Reply.json(StatusJson.whole(node.self(), node.status()).toString()));
    placement = new Computed(exchange -> PlacementJson.reply(exchange.uri(), node));
    ready =
        new Computed(_ -> node.status().state() == NodeStatus.State.SERVING ? READY : NOT_READY);
  }

  private static Reply metrics(Exchange exchange, MetricsText text) {
    String accept = exchange.header(HttpHeaderNames.ACCEPT);
    String wanted = accept == null ? "" : accept;
    return Reply.of(Status.OK, text.contentType(wanted), text.write(wanted));
  }

  private static Reply front(Exchange exchange) {
    String accept = exchange.header(HttpHeaderNames.ACCEPT);
    Reply.Body answer =
        accept != null && accept.contains("text/html")
            ? WebFiles.page(
                "dashboard.html", "./coterie cluster status, and the resources that GET / lists.")
            : LIST;
    return answer.with("Vary: Accept");
  }

  @Override
  public void route(Exchange exchange) {
    String uri = exchange.uri();
    int question = uri.indexOf('?');
    String path = question < 0 ? uri : uri.substring(0, question);
    if (LabResources.isBelow(path)) {
      LabResources resources = lab;
      if (resources == null) {
        exchange.answer(NO_LAB);
      } else {
        resources.route(exchange, path);
      }
      return;
    }
    if (WebFiles.isBelow(path)) {
      exchange.answer(
          exchange.verb().reads() ? WebFiles.asset(path) : ClientRoutes.notAllowed("GET, HEAD"));
      return;
    }
    Resource found =
        path.startsWith(ExplainResource.PREFIX)
            ? ExplainResource.of(uri, path.length(), node)
            : find(path);
    if (found == null) {
      exchange.answer(Reply.text(Status.NOT_FOUND, "no such resource"));
    } else if (!exchange.verb().reads()) {
      exchange.answer(ClientRoutes.notAllowed("GET, HEAD"));
    } else {
      exchange.resource(found);
    }
  }

  private @Nullable Resource find(String path) {
    return switch (path) {
      case DashboardResources.PATH -> dashboard;
      case DashboardResources.STREAM -> stream;
      case "/metrics" -> metrics;
      case "/status" -> status;
      case "/placement" -> placement;
      case "/health/live" -> live;
      case "/health/ready" -> ready;
      case "/" -> list;
      default -> null;
    };
  }
}
