// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.Conflict;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.server.explain.ExplanationText;
import dev.coterie.server.explain.QuorumExplanation;
import dev.coterie.server.remote.ClusterReport;
import dev.coterie.server.remote.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./coterie bucket explain`.
@Command(
    name = "explain",
    description = {
      "Say in words what a bucket's n, r, w and the rest guarantee, and what they do not.",
      "",
      "Properties given as options replace the bucket's. Without BUCKET the defaults are explained"
          + " and no cluster is asked: ./coterie bucket explain --n 5 --r 1 --w 3 --machines 4"
    })
final class BucketExplainCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(index = "0", arity = "0..1", paramLabel = "BUCKET", description = "The bucket's name")
  private @Nullable String bucket;

  @Option(
      names = "--machines",
      paramLabel = "COUNT",
      description =
          "Machines of the cluster; default: the cluster's own, without BUCKET as many as n")
  private @Nullable Integer machines;

  @Mixin private PropertyFlags properties = new PropertyFlags();
  @Mixin private BucketPath path = new BucketPath();
  @Mixin private ClusterOption cluster = new ClusterOption();

  BucketExplainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Object props = bucket == null ? Map.of() : path.read(cluster, bucket);
    Map<String, @Nullable Object> merged = new LinkedHashMap<>();
    if (props instanceof Map<?, ?> map) {
      map.forEach((name, value) -> merged.put(String.valueOf(name), value));
    }
    merged.putAll(properties.given());
    BucketProperties asked = properties(merged);
    QuorumExplanation explanation =
        QuorumExplanation.of(asked, QuorumOptions.DEFAULT, machines(asked.n()));
    if (cluster.json()) {
      terminal.out().print(Json.write(json(asked, explanation)));
    } else {
      terminal.out().print(ExplanationText.of(explanation));
    }
    return explanation instanceof QuorumExplanation.Refused ? ExitCode.NEGATIVE : ExitCode.OK;
  }

  private int machines(int n) {
    if (machines != null) {
      if (machines < 1) {
        throw CliFailure.usage("--machines is " + machines + " but must be at least 1");
      }
      return machines;
    }
    if (bucket == null || cluster.isAddress()) {
      return n;
    }
    int known = ClusterReport.read(ClusterOption.exchange(), cluster.file()).machines();
    return known > 0 ? known : n;
  }

  private static BucketProperties properties(Map<String, @Nullable Object> props) {
    BucketProperties standard = BucketProperties.DEFAULT;
    int n = props.containsKey("n_val") ? Math.toIntExact(Json.whole(props, "n_val")) : standard.n();
    if (n < 1 || n > BucketProperties.N_MAX) {
      throw CliFailure.usage("--n is " + n + " but must be from 1 to " + BucketProperties.N_MAX);
    }
    String durability = Json.text(props, "durability");
    return new BucketProperties(
        n,
        level(props, "r", standard.r()),
        level(props, "w", standard.w()),
        level(props, "pr", standard.pr()),
        level(props, "pw", standard.pw()),
        level(props, "dw", standard.dw()),
        level(props, "node_confirms", standard.nodeConfirms()),
        props.containsKey("notfound_ok") ? Json.truth(props, "notfound_ok") : standard.notfoundOk(),
        props.containsKey("basic_quorum")
            ? Json.truth(props, "basic_quorum")
            : standard.basicQuorum(),
        durability.equals("buffered") ? Durability.BUFFERED : standard.durability(),
        Json.text(props, "quorum").equals("sloppy"),
        Json.whole(props, "default_ttl"),
        conflict(Json.text(props, "conflict")));
  }

  private static Conflict conflict(String word) {
    Conflict conflict = Conflict.of(word);
    return conflict == null ? BucketProperties.DEFAULT.conflict() : conflict;
  }

  private static Level level(Map<String, @Nullable Object> props, String name, Level standard) {
    Level level = Level.parse(Json.text(props, name));
    return level == null ? standard : level;
  }

  private static Map<String, @Nullable Object> json(
      BucketProperties asked, QuorumExplanation explanation) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    switch (explanation) {
      case QuorumExplanation.Refused(String sentence) -> {
        json.put("valid", false);
        json.put("sentence", sentence);
      }
      case QuorumExplanation.Explained explained -> {
        json.put("valid", true);
        json.put("n", explained.spec().n());
        json.put("bucket_n", explained.bucketN());
        json.put("r", explained.spec().r());
        json.put("w", explained.spec().w());
        json.put("quorum", explained.spec().sloppy() ? "sloppy" : "strict");
        json.put("default_ttl", asked.defaultTtlSeconds());
        json.put("conflict", asked.conflict().word());
        json.put("guaranteed", explained.guaranteed());
        json.put("not_guaranteed", explained.notGuaranteed());
        List<@Nullable Object> losses = new ArrayList<>();
        for (QuorumExplanation.Loss loss : explained.losses()) {
          Map<String, @Nullable Object> entry = new LinkedHashMap<>();
          entry.put("machines_lost", loss.machines());
          entry.put("reads_served", loss.reads());
          entry.put("writes_served", loss.writes());
          entry.put("reads_see_acked_writes", loss.fresh());
          entry.put("acked_writes_outlive_the_disks", loss.survives());
          entry.put("and_a_power_cut", loss.survivesPowerCut());
          losses.add(entry);
        }
        json.put("losses", losses);
      }
    }
    return json;
  }
}
