// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.codec.token.ContextToken;
import dev.coterie.host.service.NodeService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import tools.jackson.databind.node.ObjectNode;

/// The listeners of a node, ready to be opened.
public final class Listeners {
  private Listeners() {}

  /// Opens the listener for clients.
  ///
  /// @param adminUrl where the admin listener is, for the list of resources
  /// @throws IOException where the address cannot be listened on; nothing is left open then
  public static HttpListener client(
      InetSocketAddress address,
      HttpListener.Runtime runtime,
      NodeService node,
      ContextToken tokens,
      HttpLimits limits,
      HttpTimes times,
      HttpMeters meters,
      String adminUrl)
      throws IOException {
    Backend backend =
        new Backend(
            node, tokens, limits, times.timeoutMillis(), runtime.clock(), new SecureRandom());
    ClientRoutes routes =
        new ClientRoutes(
            backend, new Computed(() -> stats(node, meters)), new RootResource(adminUrl));
    return new HttpListener(address, runtime, routes, limits, times, meters);
  }

  private static Reply stats(NodeService node, HttpMeters meters) {
    ObjectNode root = StatusJson.write(node.self(), node.status());
    ObjectNode responses = root.putObject("http_responses");
    meters.read((method, status, count) -> responses.put(method + "_" + status, count));
    return Reply.of(
        Status.OK, "application/json", root.toString().getBytes(StandardCharsets.UTF_8));
  }
}
