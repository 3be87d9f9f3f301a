// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.CatalogueJson;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Advice;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.Template;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./coterie lab templates`: scenarios to begin with.
@Command(
    name = "templates",
    description = "List the templates: each a workload, a setting, a failure and a question.")
final class LabTemplatesCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(names = "--json", description = "Print templates, fields and latency presets as JSON")
  private boolean json;

  LabTemplatesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    PrintStream out = terminal.out();
    if (json) {
      out.print(Json.write(CatalogueJson.catalogue()));
      return ExitCode.OK;
    }
    for (Template template : Template.values()) {
      Scenario scenario = Scenario.of(template);
      out.println(template.id() + ": " + template.title());
      out.println("  " + template.question());
      StringBuilder fields = new StringBuilder();
      for (Field field : Field.values()) {
        if ((field.ordinal() >= Field.N.ordinal() && field.ordinal() <= Field.SLOPPY.ordinal())
            || !scenario.text(field).equals(field.canonical(field.otherwise()))) {
          fields.append(fields.isEmpty() ? "" : " ");
          fields.append(field.id()).append('=').append(scenario.text(field));
        }
      }
      out.println("  " + fields);
      out.println("  " + Advice.on(scenario).sentence());
      out.println("  ./coterie lab run " + scenario.text());
      out.println();
    }
    return ExitCode.OK;
  }
}
