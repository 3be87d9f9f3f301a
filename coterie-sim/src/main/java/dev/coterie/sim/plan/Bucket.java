// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.Conflict;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.World;
import java.util.function.Consumer;

/// The bucket of all keys, with its properties as they were last set: a change that was refused
/// leaves them as they were.
final class Bucket {
  private final World world;
  private final Names names;
  private final Consumer<String> print;
  private BucketProperties properties;

  Bucket(World world, BucketProperties begun, Names names, Consumer<String> print) {
    this.world = world;
    this.names = names;
    this.print = print;
    this.properties = begun;
  }

  /// Copies of each key.
  int n() {
    return properties.n();
  }

  /// What the cluster is to make of these options.
  QuorumSpec spec(QuorumOptions options) throws SyntaxException {
    return switch (QuorumSpec.resolve(properties, options, world.placement().machineCount())) {
      case QuorumSpec.Resolution.Valid(QuorumSpec spec) -> spec;
      case QuorumSpec.Resolution.Invalid(String _, String sentence) ->
          throw new SyntaxException(sentence);
    };
  }

  static Conflict conflict(Step step, Conflict otherwise) throws SyntaxException {
    Conflict conflict = Conflict.of(step.option("conflict", otherwise.word()));
    if (conflict == null) {
      throw new SyntaxException("conflict is siblings or lww-lossy");
    }
    return conflict;
  }

  /// `properties via=a r=one w=all ...`: what is left out keeps its value.
  void change(Step step) throws SyntaxException {
    QuorumWords words = new QuorumWords(step);
    BucketProperties wanted =
        new BucketProperties(
            (int) step.number("n", properties.n()),
            words.level("r", properties.r()),
            words.level("w", properties.w()),
            words.level("pr", properties.pr()),
            words.level("pw", properties.pw()),
            words.level("dw", properties.dw()),
            words.level("node_confirms", properties.nodeConfirms()),
            Boolean.parseBoolean(
                step.option("notfound_ok", Boolean.toString(properties.notfoundOk()))),
            Boolean.parseBoolean(
                step.option("basic_quorum", Boolean.toString(properties.basicQuorum()))),
            properties.durability(),
            words.sloppy().or(properties.sloppy()),
            step.options().containsKey("default_ttl")
                ? step.span("default_ttl") / 1000
                : properties.defaultTtlSeconds(),
            conflict(step, properties.conflict()));
    world.setProperties(
        names.via(step),
        Director.BUCKET,
        wanted,
        (refusal, told, members) -> {
          if (refusal.isEmpty()) {
            properties = wanted;
          }
          print.accept(
              refusal.isEmpty()
                  ? "properties: durable on " + told + " of " + members + " members"
                  : "properties: refused, " + refusal);
        });
  }
}
