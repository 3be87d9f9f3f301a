// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.Json;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `./coterie bucket set`.
@Command(
    name = "set",
    description = {
      "Set a bucket's properties; those not named stay as they are.",
      "",
      "A LEVEL is a number, or one, quorum or all; of --w also any: one durable copy, on whatever"
          + " machine. n is fixed at the bucket's first write. What a choice means, say it with:"
          + " ./coterie bucket explain BUCKET"
    })
final class BucketSetCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket's name")
  private String bucket = "";

  @Mixin private PropertyFlags properties = new PropertyFlags();
  @Mixin private BucketPath path = new BucketPath();
  @Mixin private ClusterOption cluster = new ClusterOption();

  BucketSetCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Map<String, @Nullable Object> given = properties.given();
    if (given.isEmpty()) {
      throw CliFailure.usage("name at least one property, such as --w 2; see --help");
    }
    path.write(cluster, bucket, given);
    if (cluster.json()) {
      terminal.out().print(Json.write(path.read(cluster, bucket)));
    } else {
      terminal.out().println("set " + bucket + ": " + Json.writeLine(given));
    }
    return ExitCode.OK;
  }
}
