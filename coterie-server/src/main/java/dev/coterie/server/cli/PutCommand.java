// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.config.FileTrouble;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.KeyClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./coterie put`: stores a value.
@Command(
    name = "put",
    description = {
      "Store a value.",
      "",
      "A put with --context replaces exactly what was seen with that context. Without one it is"
          + " blind: what is there already stays beside it as a sibling. --replace reads first and"
          + " replaces what it read.",
      "The conditions --if-none-match, --if-match and --if-not-modified are checked, not atomic:"
          + " another write may come in between."
    })
final class PutCommand implements Callable<Integer> {
  /// The end of the range of `http.value_bytes_max`. Nothing larger is read: it may have no end.
  private static final int VALUE_BYTES_MAX = 16 << 20;

  private final Terminal terminal;

  @Mixin private KeyArguments key = new KeyArguments();

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "VALUE",
      description = "The value as text; - reads it from standard input")
  private @Nullable String value;

  @Option(names = "--file", paramLabel = "FILE", description = "Read the value from this file")
  private @Nullable Path file;

  @Option(
      names = "--content-type",
      paramLabel = "TYPE",
      description = "Default: text/plain for VALUE, else application/octet-stream")
  private @Nullable String contentType;

  @Option(names = "--meta", paramLabel = "NAME=VALUE", description = "Metadata; may be repeated")
  private Map<String, String> meta = new LinkedHashMap<>();

  @Option(names = "--context", paramLabel = "CONTEXT", description = "What this write has seen")
  private String context = "";

  @Option(names = "--replace", description = "Get first, and replace what is there")
  private boolean replace;

  @Option(names = "--if-none-match", description = "Only if the key holds no value")
  private boolean ifNoneMatch;

  @Option(names = "--if-match", paramLabel = "VTAG", description = "Only if this version is there")
  private @Nullable String ifMatch;

  @Option(
      names = "--if-not-modified",
      paramLabel = "CONTEXT",
      description = "Only if nothing is there that this context has not seen")
  private @Nullable String ifNotModified;

  @Option(names = "--return-body", description = "Answer with what the key holds afterwards")
  private boolean returnBody;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      description =
          "The value expires after this long: 30s, 15m, 12h, 7d; at most ten years. none: it stays."
              + " Default: the bucket's")
  private @Nullable String ttl;

  @Mixin private QuorumFlag quorumFlag = new QuorumFlag();
  @Mixin private WriteFlags writeFlags = new WriteFlags();
  @Mixin private RequestFlags requestFlags = new RequestFlags();
  @Mixin private ClusterOption cluster = new ClusterOption();

  PutCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Query query = requestFlags.query();
    quorumFlag.addTo(query);
    writeFlags.addTo(query);
    if (returnBody) {
      query.text("returnbody", true);
    }
    if (ttl != null) {
      long seconds = TimeSpan.secondsOrNone("--ttl", ttl);
      query.text("ttl", seconds == 0 ? "none" : seconds);
    }
    byte[] bytes = value();
    Map<String, String> headers = headers();
    KeyClient client = cluster.keys(requestFlags.replyMillis());
    String path = key.path();
    String seen = context;
    if (replace) {
      Answer before = client.get(path, "");
      switch (before) {
        case Answer.Found found -> seen = found.context();
        case Answer.Missing missing -> seen = missing.context();
        case Answer.Rejected _, Answer.Unreachable _, Answer.Applied _, Answer.Indeterminate _ -> {
          return report(before);
        }
      }
    }
    return report(client.put(path, query.toString(), new KeyClient.Put(bytes, seen, headers)));
  }

  private byte[] value() {
    try {
      if (file != null && value == null) {
        try (InputStream in = Files.newInputStream(file)) {
          return all(in);
        }
      }
      if (file == null && "-".equals(value)) {
        return all(terminal.in());
      }
    } catch (IOException e) {
      throw CliFailure.usage("the value cannot be read: " + FileTrouble.of(e));
    }
    if (file != null || value == null) {
      throw CliFailure.usage(
          "give the value once: as VALUE, with --file FILE, or as - to read standard input");
    }
    return KeyArguments.bytes(value, false);
  }

  private static byte[] all(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(VALUE_BYTES_MAX + 1);
    if (bytes.length > VALUE_BYTES_MAX) {
      throw CliFailure.usage(
          "the value is larger than 16 MiB, the most that a cluster can be configured to take:"
              + " split it over several keys");
    }
    return bytes;
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    boolean isText = value != null && !value.equals("-");
    String type = isText ? "text/plain; charset=utf-8" : "application/octet-stream";
    headers.put(
        "Content-Type",
        KeyArguments.header("--content-type", contentType == null ? type : contentType));
    meta.forEach(
        (name, metaValue) -> {
          if (!name.matches("[A-Za-z0-9_.-]+")) {
            throw CliFailure.usage(
                "--meta name '" + name + "' must be letters, digits, '.', '_' or '-'");
          }
          headers.put("X-Riak-Meta-" + name, KeyArguments.header("--meta " + name, metaValue));
        });
    if (ifNoneMatch) {
      headers.put("If-None-Match", "*");
    }
    if (ifMatch != null) {
      headers.put("If-Match", "\"" + KeyArguments.header("--if-match", ifMatch) + "\"");
    }
    if (ifNotModified != null) {
      headers.put(
          "X-Riak-If-Not-Modified", KeyArguments.header("--if-not-modified", ifNotModified));
    }
    if (!context.isEmpty() && replace) {
      throw CliFailure.usage("--context and --replace exclude each other");
    }
    String unused = KeyArguments.header("--context", context);
    return headers;
  }

  private int report(Answer answer) {
    if (cluster.json()) {
      terminal.out().print(Json.write(AnswerReport.json(key, answer)));
    } else if (answer instanceof Answer.Applied applied) {
      String left = applied.receipt().getOrDefault("x-coterie-ttl", "");
      terminal
          .out()
          .println(
              "stored "
                  + key.name()
                  + (left.isEmpty() ? "" : ", expires in " + left + " s")
                  + ReceiptText.of(applied.receipt()));
      if (applied.values().size() > 1) {
        terminal
            .out()
            .println(
                applied.values().size()
                    + " siblings; ./coterie get shows them and how to merge them");
      }
    } else {
      terminal.err().println("coterie: put " + key.name() + ": " + AnswerReport.sentence(answer));
    }
    return AnswerReport.exitCode(answer);
  }
}
