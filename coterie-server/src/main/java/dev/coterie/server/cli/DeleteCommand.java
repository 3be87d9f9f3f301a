// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./coterie delete`: removes a value.
@Command(
    name = "delete",
    description = {
      "Delete a key. Exit code 1 where there was no value.",
      "",
      "With --context exactly what was seen with it is deleted, and a value that came since stays."
          + " Without one, what is there now is deleted."
    })
final class DeleteCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private KeyArguments key = new KeyArguments();

  @Option(names = "--context", paramLabel = "CONTEXT", description = "What this delete has seen")
  private String context = "";

  @Mixin private QuorumFlag quorumFlag = new QuorumFlag();
  @Mixin private ReadFlags readFlags = new ReadFlags();
  @Mixin private WriteFlags writeFlags = new WriteFlags();
  @Mixin private RequestFlags requestFlags = new RequestFlags();
  @Mixin private ClusterOption cluster = new ClusterOption();

  DeleteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Query query = requestFlags.query();
    quorumFlag.addTo(query);
    readFlags.addTo(query);
    writeFlags.addTo(query);
    Answer answer =
        cluster
            .keys(requestFlags.replyMillis())
            .delete(key.path(), query.toString(), KeyArguments.header("--context", context));
    if (cluster.json()) {
      terminal.out().print(Json.write(AnswerReport.json(key, answer)));
    } else if (answer instanceof Answer.Applied applied) {
      terminal.out().println("deleted " + key.name() + ReceiptText.of(applied.receipt()));
    } else {
      terminal
          .err()
          .println("coterie: delete " + key.name() + ": " + AnswerReport.sentence(answer));
    }
    return AnswerReport.exitCode(answer);
  }
}
