// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.config.FileTrouble;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.script.ScriptRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./coterie sim script`: runs transcripts.
@Command(
    name = "script",
    description = {
      "Run transcripts: files that say what happens to a simulated cluster and what must come of it.",
      "",
      "Prints what differs and 'N passed, N failed'; exit code 1 when one failed. The language is in"
          + " docs/simulation.md; the files under coterie-sim/src/test/resources/transcripts are"
          + " examples."
    })
final class SimScriptCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Transcripts, or folders: all *.txt in them")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--rewrite",
      description = "Put what was printed in place of what was expected, in the files")
  private boolean rewrite;

  @Option(
      names = "--jitter",
      paramLabel = "RUNS",
      description =
          "Run each so many times more with drawn delays; then only its 'expect' lines and the"
              + " oracles must hold")
  private int jitter;

  @Option(
      names = "--trace",
      description =
          "Tell every step, message, mint and outcome, up to the first broken promise; what the"
              + " files expect to be printed does not count")
  private boolean trace;

  @Option(names = "--json", description = "Print the result as JSON")
  private boolean json;

  SimScriptCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (jitter < 0) {
      throw CliFailure.usage("--jitter " + jitter + ": a number of runs, or 0 for none");
    }
    if (trace && (rewrite || jitter > 0 || json)) {
      throw CliFailure.usage(
          "--trace tells a run as it is: without --rewrite, --jitter and --json");
    }
    int passed = 0;
    int failed = 0;
    List<@Nullable Object> results = new ArrayList<>();
    for (Path file : all()) {
      String text = read(file);
      if (trace) {
        if (ScriptRun.told(text, terminal.out()::println)) {
          passed++;
        } else {
          failed++;
        }
        continue;
      }
      ScriptRun.Result result = ScriptRun.of(text);
      List<String> failures = new ArrayList<>(result.failures());
      if (rewrite && !result.rewritten().equals(text)) {
        Files.writeString(file, result.rewritten());
        failures = new ArrayList<>(ScriptRun.of(result.rewritten()).failures());
        terminal.err().println("rewritten: " + file);
      }
      for (int seed = 1; seed <= jitter; seed++) {
        for (String failure : ScriptRun.jittered(text, seed).failures()) {
          failures.add("with drawn delays (" + seed + "), " + failure);
        }
      }
      if (failures.isEmpty()) {
        passed++;
      } else {
        failed++;
      }
      if (!json) {
        failures.forEach(failure -> terminal.out().println("FAIL " + file + " " + failure));
      }
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("file", file.toString());
      entry.put("passed", failures.isEmpty());
      entry.put("failures", failures);
      results.add(entry);
    }
    if (json) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("passed", passed);
      object.put("failed", failed);
      object.put("files", results);
      terminal.out().print(Json.write(object));
    } else {
      terminal.out().println(passed + " passed, " + failed + " failed");
    }
    return failed == 0 ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw CliFailure.usage(file + " cannot be read: " + FileTrouble.of(e));
    }
  }

  private List<Path> all() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path path : files) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> inside = Files.list(path)) {
          inside.filter(each -> each.toString().endsWith(".txt")).sorted().forEach(found::add);
        }
      } else if (Files.isReadable(path)) {
        found.add(path);
      } else {
        throw CliFailure.usage("there is no file " + path + " to read");
      }
    }
    if (found.isEmpty()) {
      throw CliFailure.usage("no *.txt in " + files);
    }
    return found;
  }
}
