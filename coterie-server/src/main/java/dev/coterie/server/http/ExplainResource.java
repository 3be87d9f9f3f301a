// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.message.ObjectKey;
import dev.coterie.host.service.NodeService;
import dev.coterie.host.service.NodeService.ExplainOutcome;

/// `/explain/buckets/B/keys/K` of the admin listener: why a key is as it is. It asks the owners and
/// changes nothing. Values are shown with `?values=true` only.
record ExplainResource(NodeService node, ObjectKey key, boolean values) implements Resource {
  static final String PREFIX = "/explain/";

  /// @param end where the path of `uri` ends
  static Resource of(String uri, int end, NodeService node) {
    String object = uri.substring(PREFIX.length() - 1);
    int pathEnd = end - PREFIX.length() + 1;
    boolean values = object.substring(pathEnd).equals("?values=true");
    if (!values && object.length() > pathEnd) {
      return new Fixed(Reply.text(Status.BAD_REQUEST, "the one parameter is values=true"));
    }
    return switch (Target.parse(object, pathEnd)) {
      case Target.Key(ObjectKey key) -> new ExplainResource(node, key, values);
      case Target.Nothing(Status status, String sentence) ->
          new Fixed(Reply.text(status, sentence));
      case Target.Keys _,
          Target.Properties _,
          Target.Buckets _,
          Target.Ping _,
          Target.Stats _,
          Target.Root _,
          Target.NotOffered _ ->
          new Fixed(Reply.text(Status.NOT_FOUND, "only keys are explained"));
    };
  }

  @Override
  public void head(Exchange exchange) {}

  @Override
  public void run(Exchange exchange) {
    node.explain(
        key,
        values,
        outcome ->
            exchange.answer(
                switch (outcome) {
                  case ExplainOutcome.Explained(var report) ->
                      Reply.json(ExplainJson.write(report, values).toString());
                  case ExplainOutcome.Refused(var reason) ->
                      Reply.text(Status.UNAVAILABLE, reason.detail())
                          .because(reason.code())
                          .with("Retry-After: 1");
                }));
  }
}
