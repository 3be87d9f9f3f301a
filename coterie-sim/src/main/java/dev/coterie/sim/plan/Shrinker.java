// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.sim.plan.Step.SyntaxException;
import java.util.ArrayList;
import java.util.List;

/// Makes a failing plan smaller: leaves out ever smaller runs of steps as long as the same oracle
/// still fires (Zeller's ddmin). Bounded by the number of runs.
public final class Shrinker {
  /// How a plan is run.
  public interface Runner {
    Run.Result run(List<Step> plan) throws SyntaxException;
  }

  private Shrinker() {}

  /// @param plan a plan whose run fails; its first step, the cluster, stays
  /// @param runsMax how many runs it may cost
  public static List<Step> shrink(List<Step> plan, Runner runner, int runsMax)
      throws SyntaxException {
    String oracle = firstOracle(plan, runner);
    List<Step> best = plan;
    int runs = 0;
    int chunk = Math.max(1, (plan.size() - 1) / 2);
    while (runs < runsMax) {
      boolean smaller = false;
      for (int from = 1; from < best.size() && runs < runsMax; ) {
        int to = Math.min(best.size(), from + chunk);
        List<Step> less = new ArrayList<>(best.subList(0, from));
        less.addAll(best.subList(to, best.size()));
        runs++;
        if (!oracle.isEmpty() && oracle.equals(firstOracle(less, runner))) {
          best = less;
          smaller = true;
        } else {
          from = to;
        }
      }
      if (chunk == 1 && !smaller) {
        break;
      }
      if (!smaller) {
        chunk = Math.max(1, chunk / 2);
      }
    }
    return best;
  }

  private static String firstOracle(List<Step> plan, Runner runner) throws SyntaxException {
    Run.Result result = runner.run(plan);
    return result.failed() ? result.violations().getFirst().oracle() : "";
  }
}
