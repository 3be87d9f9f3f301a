// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.Json;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `./coterie bucket show`.
@Command(name = "show", description = "Print a bucket's properties.")
final class BucketShowCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket's name")
  private String bucket = "";

  @Mixin private BucketPath path = new BucketPath();
  @Mixin private ClusterOption cluster = new ClusterOption();

  BucketShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Object props = path.read(cluster, bucket);
    if (cluster.json()) {
      terminal.out().print(Json.write(props));
    } else if (props instanceof Map<?, ?> map) {
      map.forEach((name, value) -> terminal.out().println(line(name, value)));
    }
    return ExitCode.OK;
  }

  private static String line(@Nullable Object name, @Nullable Object value) {
    String text = String.valueOf(name);
    return text + " ".repeat(Math.max(1, 16 - text.length())) + value;
  }
}
