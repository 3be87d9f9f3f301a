// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a client may conclude from asking a cluster for one key.
public sealed interface Answer {
  /// The header that names the reason of a refusal.
  String REASON = "x-coterie-reason";

  /// One of the values that a key holds.
  ///
  /// @param tag names this version among its siblings
  /// @param expires the date at which it expires; empty where it stays
  /// @param ttl the seconds that are left until then; empty where it stays
  /// @param meta the client's own metadata, without the `X-Riak-Meta-` before each name
  public record Value(
      String tag,
      String contentType,
      String lastModified,
      String expires,
      String ttl,
      Map<String, String> meta,
      byte[] bytes) {}

  /// @param values one, or several siblings
  /// @param context to be sent back with the write that replaces them all
  /// @param receipt what the reply rests on: its `X-Coterie-` headers, names in lower case
  record Found(List<Value> values, String context, Map<String, String> receipt) implements Answer {}

  /// @param context of the tombstone where there was one, else empty
  record Missing(String context, Map<String, String> receipt) implements Answer {}

  /// @param values what the key holds now, where the request asked for it
  record Applied(List<Value> values, String context, Map<String, String> receipt)
      implements Answer {}

  /// Certainly not carried out; `status` is HTTP's.
  record Rejected(int status, String sentence, Map<String, String> receipt) implements Answer {}

  /// May have been carried out, now or later.
  record Indeterminate(String sentence, Map<String, String> receipt) implements Answer {}

  /// No node took the request.
  ///
  /// @param sentences one for each node that was tried
  record Unreachable(List<String> sentences) implements Answer {}

  /// The code of the reason for which `receipt`'s request was refused, or is of unknown outcome;
  /// empty where the node did not say.
  static String reason(Map<String, String> receipt) {
    return receipt.getOrDefault(REASON, "");
  }

  /// The receipt in `reply`.
  static Map<String, String> receipt(NodeHttp.Reply reply) {
    Map<String, String> receipt = new LinkedHashMap<>();
    reply
        .headers()
        .forEach(
            (name, values) -> {
              if (name.startsWith("x-coterie-")) {
                receipt.put(name, String.join(", ", values));
              }
            });
    return receipt;
  }
}
