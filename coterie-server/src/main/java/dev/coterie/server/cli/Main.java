// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.config.FileTrouble;
import dev.coterie.server.config.NearestName;
import dev.coterie.server.process.Release;
import dev.coterie.server.remote.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/// The program behind `./coterie`: a command per verb. Without a verb it prints its help.
@Command(
    name = "coterie",
    description = "A leaderless replicated key-value store.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "VERB",
    exitCodeListHeading = "%nExit codes of every verb:%n",
    footer = "%nMore about a verb: ./coterie VERB --help")
public final class Main implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  private static final int HELP_WIDTH = 98;

  private Main() {}

  /// The verbs in the order in which the help lists them.
  static final List<String> VERBS =
      List.of(
          "demo", "up", "down", "node", "put", "get", "delete", "key", "bucket", "cluster", "lab",
          "sim", "chaos", "bench");

  /// The command behind a name of [#VERBS].
  static CommandLine command(String name, Terminal terminal) {
    return switch (name) {
      case "bench" -> new CommandLine(new BenchCommand(terminal));
      case "chaos" -> new CommandLine(new ChaosCommand(terminal));
      case "demo" -> new CommandLine(new DemoCommand(terminal));
      case "up" -> new CommandLine(new UpCommand(terminal));
      case "down" -> new CommandLine(new DownCommand(terminal));
      case "put" -> new CommandLine(new PutCommand(terminal));
      case "get" -> new CommandLine(new GetCommand(terminal));
      case "delete" -> new CommandLine(new DeleteCommand(terminal));
      case "bucket" ->
          new CommandLine(new BucketCommand())
              .addSubcommand(new BucketShowCommand(terminal))
              .addSubcommand(new BucketSetCommand(terminal))
              .addSubcommand(new BucketExplainCommand(terminal));
      case "cluster" ->
          new CommandLine(new ClusterCommand())
              .addSubcommand(new ClusterStatusCommand(terminal))
              .addSubcommand(new ClusterFiguresCommand(terminal))
              .addSubcommand(new ClusterRestartCommand(terminal));
      case "key" ->
          new CommandLine(new KeyCommand()).addSubcommand(new KeyExplainCommand(terminal));
      case "lab" ->
          new CommandLine(new LabCommand())
              .addSubcommand(LabRunCommand.line(terminal))
              .addSubcommand(new LabTemplatesCommand(terminal))
              .addSubcommand(new LabCompareCommand(terminal))
              .addSubcommand(new LabSweepCommand(terminal))
              .addSubcommand(new LabFromClusterCommand(terminal))
              .addSubcommand(new LabLiveCommand(terminal))
              .addSubcommand(new LabExplainCommand(terminal))
              .addSubcommand(new LabReplayCommand(terminal))
              .addSubcommand(new LabWarsCommand(terminal))
              .addSubcommand(new LabPbsCommand(terminal))
              .addSubcommand(new LabServeCommand(terminal));
      case "node" -> new CommandLine(new NodeCommand(terminal));
      case "sim" ->
          new CommandLine(new SimCommand(terminal)).addSubcommand(new SimScriptCommand(terminal));
      default -> throw new IllegalArgumentException(name);
    };
  }

  public static void main(String[] arguments) {
    System.exit(run(Terminal.system(), arguments));
  }

  /// Carries out a command line and returns its [ExitCode].
  static int run(Terminal terminal, String... arguments) {
    CommandLine line = new CommandLine(new Main());
    line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
    boolean named = arguments.length > 0 && !arguments[0].startsWith("-");
    String first = named ? arguments[0] : "";
    boolean json = List.of(arguments).contains("--json");
    if (!first.isEmpty() && !VERBS.contains(first)) {
      String sentence = "there is no verb '" + first + "'" + didYouMean(first, VERBS);
      return failed(terminal, json, CliFailure.usage(sentence + " ./coterie --help lists them"));
    }
    for (String name : VERBS) {
      // Only the verb that is meant is loaded; help needs them all.
      if (first.isEmpty() || name.equals(first)) {
        line.addSubcommand(name, withHelp(command(name, terminal)));
      }
    }
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setUsageHelpWidth(HELP_WIDTH);
    line.setParameterExceptionHandler(
        (e, _) -> {
          String sentence = misused(e) + "; see " + help(e.getCommandLine());
          return failed(terminal, json, new CliFailure(ExitCode.USAGE, sentence));
        });
    line.setExecutionExceptionHandler(
        (e, _, _) -> {
          if (e instanceof CliFailure failure) {
            return failed(terminal, json, failure);
          }
          if (e instanceof IOException trouble) {
            return failed(terminal, json, CliFailure.usage(FileTrouble.of(trouble)));
          }
          e.printStackTrace(terminal.err());
          return failed(
              terminal,
              json,
              new CliFailure(
                  ExitCode.DEFECT, "this is a fault in coterie, please report it: " + e));
        });
    return line.execute(arguments);
  }

  private static CommandLine withHelp(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help and end")
                .build());
    for (CommandLine sub : line.getSubcommands().values()) {
      withHelp(sub);
    }
    return line;
  }

  /// `; did you mean 'get'?` where one of `known` is near, else `:`.
  private static String didYouMean(String typed, List<String> known) {
    String near = NearestName.of(typed, known);
    boolean isNear = NearestName.distance(typed, near) <= Math.max(1, typed.length() / 2);
    return isNear ? "; did you mean '" + near + "'?" : ":";
  }

  private static String misused(CommandLine.ParameterException e) {
    CommandLine line = e.getCommandLine();
    boolean isVerb =
        e instanceof CommandLine.UnmatchedArgumentException unmatched
            && !line.getSubcommands().isEmpty()
            && !unmatched.getUnmatched().getFirst().startsWith("-");
    if (!isVerb) {
      return String.valueOf(e.getMessage());
    }
    String typed = ((CommandLine.UnmatchedArgumentException) e).getUnmatched().getFirst();
    List<String> known = List.copyOf(line.getSubcommands().keySet());
    String there = "there is no '" + line.getCommandName() + " " + typed + "'";
    return there + didYouMean(typed, known) + " there is " + String.join(", ", known);
  }

  private static String help(CommandLine line) {
    return "./" + line.getCommandSpec().qualifiedName() + " --help";
  }

  private static int failed(Terminal terminal, boolean json, CliFailure failure) {
    if (json) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("outcome", "failed");
      AnswerReport.reason(object, failure.reason());
      object.put("sentence", failure.sentence());
      object.put("exit", failure.exitCode());
      terminal.out().print(Json.write(object));
    } else {
      terminal.err().println("coterie: " + failure.sentence());
    }
    return failure.exitCode();
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    for (String line : ExitCode.HELP) {
      int colon = line.indexOf(':');
      codes.put(line.substring(0, colon), line.substring(colon + 1));
    }
    return codes;
  }

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
    return ExitCode.OK;
  }

  /// The version that the build wrote into the jar's manifest.
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"coterie " + Release.version(), "JDK " + Runtime.version()};
    }
  }
}
