// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.host.service.NodeService;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.server.lab.Lab;
import dev.coterie.server.metrics.MetricsText;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.jspecify.annotations.Nullable;

/// The resources that operators are offered, on a listener of their own. All of them only show, but
/// for the Lab, which plays runs of its own and touches nothing of the node; the health answers say
/// up or ready and nothing else.
final class AdminRoutes implements Routes {
  private static final Reply LIVE = Reply.text(Status.OK, "up");
  private static final Reply READY = Reply.text(Status.OK, "ready");
  private static final Reply NOT_READY = Reply.text(Status.UNAVAILABLE, "not ready");
  private static final Reply LIST =
      Reply.json(
          "{\"metrics\":\"/metrics\",\"status\":\"/status\",\"live\":\"/health/live\","
              + "\"ready\":\"/health/ready\",\"placement\":\"/placement?n=3\","
              + "\"explain\":\"/explain/buckets/B/keys/K\",\"lab\":\"/lab\"}\n");

  private final Resource metrics;
  private final Resource status;
  private final Resource ready;
  private final Resource placement;
  private final NodeService node;
  private final LabResources lab;
  private final Resource live = new Fixed(LIVE);
  private final Resource list = new Fixed(LIST);

  AdminRoutes(NodeService node, MetricsText text, Lab lab) {
    this.lab = new LabResources(lab);
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

  @Override
  public void route(Exchange exchange) {
    String uri = exchange.uri();
    int question = uri.indexOf('?');
    String path = question < 0 ? uri : uri.substring(0, question);
    if (LabResources.isBelow(path)) {
      lab.route(exchange, path);
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
