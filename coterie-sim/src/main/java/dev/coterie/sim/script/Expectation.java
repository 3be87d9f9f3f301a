// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.node.PaceFigures;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.plan.OutcomeText;
import dev.coterie.sim.plan.Step;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.SimNode;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a script demands in one line, with or without drawn delays:
/// - `expect applied`, `notfound`, `unanswered`, `rejected [CODE]`, `indeterminate [CODE]`, `found
///   VALUE...`: of the last request (of `client=C`)
/// - `expect members NODES NODES alive|suspect|dead|slow|fast`: what the first think of the second
/// - `expect stored NODES VALUE...`, `expect stored NODES deleted|nothing|damaged`: of disks; `*`
///   for the owners
final class Expectation {
  private Expectation() {}

  /// Null where it holds, else what is there instead.
  static @Nullable String failure(Step step, History history, Views views) throws SyntaxException {
    if (step.word(0).equals("stored")) {
      return stored(step, views);
    }
    if (step.word(0).equals("yields")) {
      return yields(step, views);
    }
    if (step.word(0).equals("members")) {
      return members(step, views);
    }
    Operation last = null;
    for (Operation operation : history.operations()) {
      if (operation.client.equals(step.option("client", operation.client))) {
        last = operation;
      }
    }
    if (last == null) {
      throw new SyntaxException("nobody has asked for anything yet");
    }
    Outcome outcome = last.outcome;
    boolean holds =
        switch (step.word(0)) {
          case "unanswered" -> outcome == null;
          case "applied" -> outcome instanceof Outcome.Applied;
          case "notfound" -> outcome instanceof Outcome.NotFound;
          case "found" ->
              outcome instanceof Outcome.Found found
                  && values(found.record()).equals(wanted(step, 1));
          case "rejected" ->
              outcome instanceof Outcome.Rejected rejected
                  ? isFor(step, rejected.reason())
                  : last.wasTurnedAway() && step.words().size() < 2;
          case "indeterminate" ->
              outcome instanceof Outcome.Indeterminate unknown && isFor(step, unknown.reason());
          default ->
              throw new SyntaxException(
                  "expect applied, found, notfound, rejected, indeterminate, unanswered, stored, members or yields");
        };
    return holds ? null : outcome == null ? "no answer" : OutcomeText.of(outcome);
  }

  private static boolean isFor(Step step, Reason reason) {
    return step.words().size() < 2 || step.words().get(1).equals(reason.code().name());
  }

  private static TreeSet<String> wanted(Step step, int from) {
    return new TreeSet<>(step.words().subList(from, step.words().size()));
  }

  private static TreeSet<String> values(KeyRecord record) {
    TreeSet<String> values = new TreeSet<>();
    for (Sibling sibling : record.siblings()) {
      values.add(OutcomeText.label(sibling.value()));
    }
    return values;
  }

  private static @Nullable String members(Step step, Views views) throws SyntaxException {
    List<SimNode> about = views.nodes(List.of(step.word(2)));
    for (SimNode node : views.nodes(List.of(step.word(1)))) {
      for (MemberView view : node.shards().members()) {
        String status = view.status().name().toLowerCase(Locale.ROOT);
        boolean holds =
            switch (step.word(3)) {
              case "alive", "suspect", "dead" -> status.equals(step.word(3));
              case "slow" -> view.slow();
              case "fast" -> !view.slow();
              default ->
                  throw new SyntaxException("a member is alive, suspect, dead, slow or fast");
            };
        if (about.stream().anyMatch(each -> each.id().equals(view.node())) && !holds) {
          return node.id() + " sees " + Views.text(view);
        }
      }
    }
    return null;
  }

  /// While requests waited, at most a tenth was background work, and there was some to put off.
  private static @Nullable String yields(Step step, Views views) throws SyntaxException {
    for (SimNode node : views.nodes(List.of(step.word(1)))) {
      PaceFigures pace = node.shards().pace();
      boolean holds =
          pace.refused() > 0 && 9 * pace.backgroundSaturated() <= pace.foregroundSaturated();
      if (!holds) {
        return node.id() + " has done " + pace;
      }
    }
    return null;
  }

  private static @Nullable String stored(Step step, Views views) throws SyntaxException {
    ObjectKey key = views.key(step);
    List<SimNode> nodes =
        step.word(1).equals("*")
            ? views.nodes(views.owners(key).stream().map(Object::toString).toList())
            : views.nodes(List.of(step.word(1)));
    TreeSet<String> wanted = wanted(step, 2);
    for (SimNode node : nodes) {
      KeyRecord record = views.record(node, key);
      TreeSet<String> there = new TreeSet<>();
      if (record == null) {
        there.add("damaged");
      } else if (record.isEmpty()) {
        there.add("nothing");
      } else if (record.isTombstone()) {
        there.add("deleted");
      } else {
        there = values(record);
      }
      if (!there.equals(wanted)) {
        return node.id() + " holds " + (record == null ? "damaged" : OutcomeText.of(record));
      }
    }
    return null;
  }
}
