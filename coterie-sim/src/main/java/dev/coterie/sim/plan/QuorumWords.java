// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.quorum.Choice;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.sim.plan.Step.SyntaxException;

/// What one step says about quorums: `r=all w=2 quorum=strict durability=buffered ...`.
///
/// @param step whose options these are
record QuorumWords(Step step) {
  /// What a request asks for.
  QuorumOptions options() throws SyntaxException {
    return new QuorumOptions(
        Level.DEFAULT,
        level("r"),
        level("w"),
        level("pr"),
        level("pw"),
        level("dw"),
        level("node_confirms"),
        choice("notfound_ok"),
        choice("basic_quorum"),
        step.option("durability", "synced").equals("buffered")
            ? Durability.BUFFERED
            : Durability.SYNCED,
        step.options().containsKey("durability"),
        sloppy());
  }

  Choice sloppy() throws SyntaxException {
    return switch (step.option("quorum", "")) {
      case "" -> Choice.DEFAULT;
      case "sloppy" -> Choice.YES;
      case "strict" -> Choice.NO;
      default -> throw new SyntaxException("quorum is strict or sloppy");
    };
  }

  private Choice choice(String name) {
    return switch (step.option(name, "")) {
      case "true" -> Choice.YES;
      case "false" -> Choice.NO;
      default -> Choice.DEFAULT;
    };
  }

  private Level level(String name) throws SyntaxException {
    Level level = Level.parse(step.option(name, "default"));
    if (level == null) {
      throw new SyntaxException(name + "=" + step.option(name, "") + " is no level");
    }
    return level;
  }

  /// The level of this name; `otherwise` where the step does not say.
  Level level(String name, Level otherwise) throws SyntaxException {
    return step.options().containsKey(name) ? level(name) : otherwise;
  }
}
