// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.ObjectPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A bucket's properties, in a cluster's HTTP interface.
final class BucketPath {
  @Option(names = "--type", paramLabel = "TYPE", description = "The bucket's type")
  private String type = "";

  @Option(names = "--encoded", description = "BUCKET and TYPE are percent-encoded bytes")
  private boolean encoded;

  /// The `props` object of `bucket`.
  @Nullable Object read(ClusterOption cluster, String bucket) {
    NodeHttp.Reply reply = send(cluster, bucket, "GET", Map.of(), null);
    if (reply.status() != 200) {
      throw refused(bucket, reply);
    }
    try {
      return Json.member(Json.read(reply.text()), "props");
    } catch (Json.Malformed e) {
      throw new CliFailure(
          ExitCode.REJECTED, "the properties of " + bucket + " are not JSON: " + e.getMessage());
    }
  }

  /// Sets the properties in `props` and leaves the others as they are.
  void write(ClusterOption cluster, String bucket, Map<String, @Nullable Object> props) {
    byte[] body = Json.writeLine(Map.of("props", props)).getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = Map.of("Content-Type", "application/json");
    NodeHttp.Reply reply = send(cluster, bucket, "PUT", headers, body);
    if (reply.status() >= 300) {
      throw refused(bucket, reply);
    }
  }

  private static CliFailure refused(String bucket, NodeHttp.Reply reply) {
    String text = reply.text().strip();
    return new CliFailure(
        reply.status() >= 500 ? ExitCode.INDETERMINATE : ExitCode.REJECTED,
        "bucket " + bucket + ": " + (text.isEmpty() ? "HTTP status " + reply.status() : text),
        reply.header(Answer.REASON));
  }

  private NodeHttp.Reply send(
      ClusterOption cluster,
      String bucket,
      String method,
      Map<String, String> headers,
      byte @Nullable [] body) {
    String path =
        new ObjectPath(KeyArguments.bytes(type, encoded), KeyArguments.bytes(bucket, encoded))
            .props();
    List<String> sentences = new ArrayList<>();
    for (HostPort node : cluster.http()) {
      switch (ClusterOption.exchange().send(node, method, path, headers, body)) {
        case NodeHttp.Reply reply -> {
          return reply;
        }
        case NodeHttp.NotConnected(String sentence) -> sentences.add(sentence);
        case NodeHttp.Lost(String sentence) -> {
          if (body != null) {
            throw new CliFailure(
                ExitCode.INDETERMINATE,
                sentence + "; it may have been set: look with ./coterie bucket show " + bucket);
          }
          sentences.add(sentence);
        }
      }
    }
    throw new CliFailure(
        ExitCode.UNREACHABLE,
        "no node could be reached: " + String.join("; ", sentences) + "; is ./coterie up running?");
  }
}
