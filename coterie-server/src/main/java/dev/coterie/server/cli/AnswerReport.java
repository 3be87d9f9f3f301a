// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An [Answer] for scripts: as JSON, and as an exit code.
final class AnswerReport {
  private AnswerReport() {}

  static int exitCode(Answer answer) {
    return switch (answer) {
      case Answer.Found _, Answer.Applied _ -> ExitCode.OK;
      case Answer.Missing _ -> ExitCode.NEGATIVE;
      case Answer.Rejected _ -> ExitCode.REJECTED;
      case Answer.Indeterminate _ -> ExitCode.INDETERMINATE;
      case Answer.Unreachable _ -> ExitCode.UNREACHABLE;
    };
  }

  /// What to tell a person about an answer that is neither values nor success.
  static String sentence(Answer answer) {
    return switch (answer) {
      case Answer.Found _ -> "found";
      case Answer.Applied _ -> "applied";
      case Answer.Missing _ -> "not found";
      case Answer.Rejected(int status, String sentence, _) ->
          "rejected, nothing was changed (HTTP "
              + status
              + "): "
              + sentence
              + (status == 503 ? "; ./coterie cluster status says which nodes are away" : "");
      case Answer.Indeterminate(String sentence, _) ->
          "indeterminate, it may have been applied or not: "
              + sentence.lines().findFirst().orElse("no reason was given")
              + "; read the key before you write it again";
      case Answer.Unreachable(List<String> sentences) ->
          "no node could be reached, nothing was changed: "
              + String.join("; ", sentences)
              + "; is ./coterie up running?";
    };
  }

  static Map<String, @Nullable Object> json(KeyArguments key, Answer answer) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("bucket", key.bucket());
    json.put("key", key.key());
    switch (answer) {
      case Answer.Found(List<Answer.Value> values, String context, Map<String, String> receipt) -> {
        json.put("outcome", "found");
        json.put("context", context);
        json.put("values", values(values));
        json.put("receipt", receipt(receipt));
      }
      case Answer.Applied(
              List<Answer.Value> values,
              String context,
              Map<String, String> receipt) -> {
        json.put("outcome", "applied");
        json.put("context", context);
        if (!values.isEmpty()) {
          json.put("values", values(values));
        }
        json.put("receipt", receipt(receipt));
      }
      case Answer.Missing(String context, Map<String, String> receipt) -> {
        json.put("outcome", "not_found");
        json.put("context", context);
        json.put("receipt", receipt(receipt));
      }
      case Answer.Rejected(int status, String sentence, Map<String, String> receipt) -> {
        json.put("outcome", "rejected");
        json.put("status", status);
        reason(json, Answer.reason(receipt));
        json.put("sentence", sentence);
        json.put("receipt", receipt(receipt));
      }
      case Answer.Indeterminate(String sentence, Map<String, String> receipt) -> {
        json.put("outcome", "indeterminate");
        reason(json, Answer.reason(receipt));
        json.put("sentence", sentence);
        json.put("receipt", receipt(receipt));
      }
      case Answer.Unreachable(List<String> sentences) -> {
        json.put("outcome", "unreachable");
        json.put("sentences", sentences);
      }
    }
    json.put("exit", exitCode(answer));
    return json;
  }

  /// Adds the code of a refusal, where the node said one.
  static void reason(Map<String, @Nullable Object> json, String code) {
    if (!code.isEmpty()) {
      json.put("reason", code);
    }
  }

  private static List<@Nullable Object> values(List<Answer.Value> values) {
    List<@Nullable Object> list = new ArrayList<>();
    for (Answer.Value value : values) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("vtag", value.tag());
      json.put("content_type", value.contentType());
      json.put("last_modified", value.lastModified());
      if (!value.expires().isEmpty()) {
        json.put("expires", value.expires());
        json.put("ttl_seconds", Long.parseLong(value.ttl()));
      }
      json.put("meta", value.meta());
      String text = text(value.bytes());
      if (text != null) {
        json.put("value", text);
      } else {
        json.put("value_base64", Base64.getEncoder().encodeToString(value.bytes()));
      }
      list.add(json);
    }
    return list;
  }

  private static Map<String, @Nullable Object> receipt(Map<String, String> receipt) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    receipt.forEach(
        (name, value) -> {
          if (name.equals(Answer.REASON)) {
            return; // stands beside the receipt
          }
          Object member = value;
          if (value.startsWith("{")) {
            try {
              member = Json.read(value);
            } catch (Json.Malformed _) {
              member = value;
            }
          }
          json.put(name.substring("x-coterie-".length()).replace('-', '_'), member);
        });
    return json;
  }

  /// `bytes` as text; null where they are not UTF-8.
  static @Nullable String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }
}
