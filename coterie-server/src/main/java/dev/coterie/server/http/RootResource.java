// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;

/// The list of resources, as HTML or as JSON for who asks for it.
final class RootResource implements Resource {
  private final Reply html;
  private final Reply json;

  RootResource(String adminUrl) {
    String links =
        "Link: </buckets>; rel=\"riak_kv_wm_buckets\", </ping>; rel=\"riak_kv_wm_ping\","
            + " </stats>; rel=\"riak_kv_wm_stats\", <"
            + adminUrl
            + ">; rel=\"admin\"";
    html =
        Reply.of(
                Status.OK,
                "text/html",
                ("<html><body><h1>Coterie</h1><ul>"
                        + "<li>/buckets/BUCKET/keys/KEY</li>"
                        + "<li>/buckets/BUCKET/props</li>"
                        + "<li><a href=\"/ping\">/ping</a></li>"
                        + "<li><a href=\"/stats\">/stats</a></li>"
                        + "<li><a href=\""
                        + adminUrl
                        + "\">dashboard</a>, on the admin listener</li></ul></body></html>\n")
                    .getBytes(StandardCharsets.UTF_8))
            .with(links);
    json =
        Reply.json(
                "{\"object\":\"/buckets/BUCKET/keys/KEY\",\"props\":\"/buckets/BUCKET/props\","
                    + "\"ping\":\"/ping\",\"stats\":\"/stats\",\"admin\":\""
                    + adminUrl
                    + "\"}\n")
            .with(links);
  }

  @Override
  public void head(Exchange exchange) {}

  @Override
  public void run(Exchange exchange) {
    String accept = exchange.header(HttpHeaderNames.ACCEPT);
    exchange.answer(accept != null && accept.contains("application/json") ? json : html);
  }
}
