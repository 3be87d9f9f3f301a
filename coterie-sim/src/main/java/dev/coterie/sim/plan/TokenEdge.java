// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.codec.token.ContextToken;
import dev.coterie.codec.token.TokenReading;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.World;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where a client's causal context enters a cluster: every context of a simulated write is sealed
/// for the key for which it was given out and opened for the key of the write, by the product's own
/// [ContextToken]. What that refuses no node ever sees (F11).
final class TokenEdge {
  private final ContextToken tokens;

  TokenEdge(World world) {
    this.tokens =
        new ContextToken(
            world.nodeConfig().ringKey().derive("tokens"), 1, "sim", world.nodeConfig().plants());
  }

  /// The context that a node is told; null where the write ends here, and counts as rejected.
  ///
  /// @param given the key for which the context was given out
  @Nullable CausalContext opened(
      Step step,
      Operation operation,
      ObjectKey given,
      CausalContext context,
      Consumer<String> print) {
    if (context.isEmpty()) {
      return context;
    }
    byte[] token = tokens.seal(given, context);
    if (step.option("ctx", "last").equals("forged")) {
      token[token.length / 2] ^= 1;
    }
    return switch (tokens.open(operation.key, token)) {
      case TokenReading.Opened(CausalContext told) -> told;
      case TokenReading.Refused(TokenReading.Why why) -> {
        operation.answered = true;
        operation.answeredAt = operation.invokedAt;
        operation.result = Operation.Result.REJECTED;
        print.accept(operation.client + ": refused at the door, " + why.sentence());
        yield null;
      }
    };
  }
}
