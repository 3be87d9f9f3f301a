// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import dev.coterie.sim.plan.Step;
import dev.coterie.sim.plan.Step.SyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Every verb of the language with the options that it takes. A script that uses another is
/// refused: a misspelt option must not be read as its default.
public final class Verbs {
  private static final String WHO = "via client key timeout session wait";
  private static final String READ = " r pr notfound_ok basic_quorum node_confirms quorum";
  private static final String WRITE = " w pw dw node_confirms ctx if durability quorum";

  private static final SortedMap<String, List<String>> OPTIONS = options();

  private Verbs() {}

  private static SortedMap<String, List<String>> options() {
    TreeMap<String, List<String>> all = new TreeMap<>();
    add(
        all,
        "nodes machines partitions shards n seed latency jitter loss duplicate ghost ghostmax"
            + " unordered sync cost log record siblings inflight chunk exchange reap close sweep grace trees audit"
            + " probe hedge hedgebudget digest hintbytes hintafter credits conflict repair bug",
        "cluster");
    add(all, WHO + READ, "get");
    add(all, WHO + WRITE + " r pr value bytes body ttl", "put");
    add(all, WHO + WRITE + " r pr", "delete");
    add(
        all,
        "via n r w pr pw dw node_confirms notfound_ok basic_quorum quorum default_ttl conflict",
        "properties");
    add(all, "client key", "expect");
    add(all, "key", "show", "owners", "corrupt", "corrupt-hints", "lose", "rot");
    add(all, "", "hints", "pace");
    add(all, "via key", "explain");
    add(all, "via key count clients keys", "load");
    add(all, "", "held", "status", "members", "run", "settle", "trace", "judge");
    add(all, "keep", "crash");
    add(all, "", "stop", "start", "restart", "pause", "resume", "wipe", "backup");
    add(all, "identity from", "restore", "rollback");
    add(all, "by", "truncate", "slow");
    add(all, "by drift rate", "clock");
    add(all, "", "lie", "lose-identity", "lose-peers", "fail-sync", "fail-write", "full", "free");
    add(all, "count", "fail-read");
    add(all, "factor", "slow-sync");
    add(all, "", "cut", "split", "heal", "mend", "resume-network", "unhold");
    add(all, "seed", "core");
    add(all, "kind", "hold");
    add(all, "kind nth all", "deliver", "drop", "duplicate");
    return Collections.unmodifiableSortedMap(all);
  }

  private static void add(TreeMap<String, List<String>> all, String options, String... verbs) {
    for (String verb : verbs) {
      all.put(verb, options.isEmpty() ? List.of() : List.of(options.split(" ", -1)));
    }
  }

  /// All verbs, in alphabetical order, each with its options.
  public static SortedMap<String, List<String>> all() {
    return OPTIONS;
  }

  static void check(Step step) throws SyntaxException {
    List<String> options = OPTIONS.get(step.verb());
    if (options == null) {
      throw new SyntaxException(
          "unknown verb '" + step.verb() + "'; there are " + String.join(", ", OPTIONS.keySet()));
    }
    for (String option : step.options().keySet()) {
      if (!options.contains(option)) {
        throw new SyntaxException(
            "'"
                + step.verb()
                + "' has no option '"
                + option
                + "'; it has "
                + (options.isEmpty() ? "none" : String.join(", ", options)));
      }
    }
  }
}
