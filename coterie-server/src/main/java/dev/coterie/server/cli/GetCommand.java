// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.Json;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./coterie get`: prints a value.
@Command(
    name = "get",
    description = {
      "Print the value of a key, byte for byte. Exit code 1 where there is none.",
      "",
      "A key that was written by several who did not know of each other holds siblings. They are"
          + " listed, each with its vtag: get one with --vtag, and replace them all with a put that"
          + " sends back their context: ./coterie put B K MERGED --context \"$(./coterie get B K"
          + " --context)\""
    })
final class GetCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private KeyArguments key = new KeyArguments();

  @Option(names = "--vtag", paramLabel = "VTAG", description = "Print this one of the siblings")
  private @Nullable String vtag;

  @Option(names = "--context", description = "Print the context instead of the value")
  private boolean context;

  @Mixin private QuorumFlag quorumFlag = new QuorumFlag();
  @Mixin private ReadFlags readFlags = new ReadFlags();
  @Mixin private RequestFlags requestFlags = new RequestFlags();
  @Mixin private ClusterOption cluster = new ClusterOption();

  GetCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Query query = requestFlags.query();
    quorumFlag.addTo(query);
    readFlags.addTo(query);
    Answer answer = cluster.keys(requestFlags.replyMillis()).get(key.path(), query.toString());
    if (answer instanceof Answer.Found found && vtag != null) {
      answer = chosen(found, vtag);
    }
    if (cluster.json()) {
      terminal.out().print(Json.write(AnswerReport.json(key, answer)));
    } else {
      print(answer);
    }
    return AnswerReport.exitCode(answer);
  }

  private Answer chosen(Answer.Found found, String tag) {
    for (Answer.Value value : found.values()) {
      if (value.tag().equals(tag)) {
        return new Answer.Found(List.of(value), found.context(), found.receipt());
      }
    }
    return new Answer.Missing(found.context(), found.receipt());
  }

  private void print(Answer answer) {
    switch (answer) {
      case Answer.Found(_, String seen, _) when context -> terminal.out().println(seen);
      case Answer.Missing(String seen, _) when context && !seen.isEmpty() ->
          terminal.out().println(seen);
      case Answer.Found(List<Answer.Value> values, _, Map<String, String> _) -> {
        if (values.size() == 1) {
          raw(values.getFirst());
        } else {
          siblings(values);
        }
      }
      case Answer.Applied _,
          Answer.Missing _,
          Answer.Rejected _,
          Answer.Indeterminate _,
          Answer.Unreachable _ ->
          terminal
              .err()
              .println("coterie: get " + key.name() + ": " + AnswerReport.sentence(answer));
    }
  }

  private void raw(Answer.Value value) {
    PrintStream out = terminal.out();
    out.write(value.bytes(), 0, value.bytes().length);
    boolean lineIsOpen =
        value.bytes().length > 0 && value.bytes()[value.bytes().length - 1] != '\n';
    if (lineIsOpen && terminal.interactive().getAsBoolean()) {
      out.println();
    }
    out.flush();
    if (!value.ttl().isEmpty()) {
      terminal.err().println("expires in " + value.ttl() + " s, " + value.expires());
    }
  }

  private void siblings(List<Answer.Value> values) {
    PrintStream out = terminal.out();
    out.println(values.size() + " siblings");
    for (Answer.Value value : values) {
      out.println(
          "--- vtag "
              + value.tag()
              + "  "
              + value.contentType()
              + "  "
              + value.lastModified()
              + (value.ttl().isEmpty() ? "" : "  expires in " + value.ttl() + " s"));
      String text = AnswerReport.text(value.bytes());
      out.println(text == null ? "(" + value.bytes().length + " bytes, not text)" : text);
    }
    terminal
        .err()
        .println(
            "merge them, then: ./coterie put BUCKET KEY MERGED --context \"$(./coterie get BUCKET"
                + " KEY --context)\"");
  }
}
