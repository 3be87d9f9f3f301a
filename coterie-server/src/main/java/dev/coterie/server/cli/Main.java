// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The program behind `./coterie`: a command per verb. Without a verb it prints its help.
@Command(
    name = "coterie",
    description = "A leaderless replicated key-value store.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private Main() {}

  /// The verbs in the order in which the help lists them; each is a class with a `@Command`
  /// annotation.
  private static List<Object> verbs() {
    return List.of();
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    for (Object verb : verbs()) {
      line.addSubcommand(verb);
    }
    return line;
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return CommandLine.ExitCode.OK;
  }

  /// The version that the build wrote into the jar's manifest.
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "coterie " + (version == null ? "(not from a jar)" : version), "JDK " + Runtime.version()
      };
    }
  }
}
