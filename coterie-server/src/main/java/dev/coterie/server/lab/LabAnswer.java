// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.ScenarioException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a request to the Lab is answered with.
///
/// @param headers further header lines, all ours
public record LabAnswer(int status, String contentType, byte[] bytes, List<String> headers) {
  private static final String JSON = "application/json";

  static LabAnswer json(Map<String, @Nullable Object> body) {
    return of(200, body);
  }

  static LabAnswer of(int status, @Nullable Object body) {
    byte[] bytes = (Json.writeLine(body) + "\n").getBytes(StandardCharsets.UTF_8);
    return new LabAnswer(status, JSON, bytes, List.of("Cache-Control: no-store"));
  }

  /// @param field of the scenario that is at fault; empty for none
  static LabAnswer refused(int status, String code, String sentence, String field) {
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("sentence", sentence);
    error.put("field", field.isEmpty() ? null : field);
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("error", error);
    return of(status, body);
  }

  static LabAnswer refused(ScenarioException e) {
    return refused(400, e.code().name(), String.valueOf(e.getMessage()), e.field());
  }

  static LabAnswer refused(Busy e) {
    return busy(e.code().name(), String.valueOf(e.getMessage()), e.retrySeconds());
  }

  /// Too much is asked at once; it may be tried again after so many seconds.
  static LabAnswer busy(String code, String sentence, int retrySeconds) {
    LabAnswer busy = refused(429, code, sentence, "");
    return new LabAnswer(
        busy.status(),
        busy.contentType(),
        busy.bytes(),
        List.of("Retry-After: " + retrySeconds, "Cache-Control: no-store"));
  }

  static LabAnswer file(String name, String contentType, byte[] bytes) {
    return new LabAnswer(
        200,
        contentType,
        bytes,
        List.of(
            "Cache-Control: no-store",
            "Content-Disposition: attachment; filename=\"" + name + "\""));
  }
}
