// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.message.BucketId;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.Conflict;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.Level;
import dev.coterie.server.config.NearestName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Bucket properties as the JSON that Riak's clients know: `{"props":{"n_val":3,...}}`.
final class PropertiesJson {
  /// What became of reading a change.
  sealed interface Result {}

  record Read(BucketProperties properties) implements Result {}

  record Refusal(String sentence) implements Result {}

  private static final List<String> NAMES =
      List.of(
          "name",
          "n_val",
          "r",
          "w",
          "pr",
          "pw",
          "dw",
          "rw",
          "node_confirms",
          "notfound_ok",
          "basic_quorum",
          "allow_mult",
          "last_write_wins",
          "durability",
          "quorum",
          "default_ttl",
          "conflict");

  /// What Riak knows beyond these. A client that sets one means something by it, so it is told.
  private static final List<String> NAMES_OF_RIAK =
      List.of(
          "aae_tree_exclude",
          "active",
          "backend",
          "big_vclock",
          "chash_keyfun",
          "claimant",
          "consistent",
          "datatype",
          "dvv_enabled",
          "hll_precision",
          "linkfun",
          "old_vclock",
          "postcommit",
          "precommit",
          "repl",
          "search",
          "search_index",
          "small_vclock",
          "sync_on_write",
          "write_once",
          "young_vclock");

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(16).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  private PropertiesJson() {}

  static String write(BucketId bucket, BucketProperties now) {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode props = root.putObject("props");
    props.put("name", PercentCoding.encode(bucket.name()));
    props.put("n_val", now.n());
    put(props, "r", now.r());
    put(props, "w", now.w());
    put(props, "pr", now.pr());
    put(props, "pw", now.pw());
    put(props, "dw", now.dw());
    props.put("rw", "quorum");
    put(props, "node_confirms", now.nodeConfirms());
    props.put("notfound_ok", now.notfoundOk());
    props.put("basic_quorum", now.basicQuorum());
    props.put("conflict", now.conflict().word());
    props.put("allow_mult", !now.lastWriteWins());
    props.put("last_write_wins", now.lastWriteWins());
    props.put("durability", now.durability().name().toLowerCase(Locale.ROOT));
    props.put("quorum", now.sloppy() ? "sloppy" : "strict");
    props.put("default_ttl", now.defaultTtlSeconds());
    return root.toString();
  }

  private static void put(ObjectNode props, String name, Level level) {
    switch (level) {
      case Level.Count(int count) -> props.put(name, count);
      case Level.Named named -> props.put(name, named.toString());
    }
  }

  /// `now` with what `body` changes.
  static Result read(byte[] body, BucketProperties now) {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JacksonException _) {
      return new Refusal("this is not JSON");
    }
    JsonNode props = root.path("props");
    if (!props.isObject() || root.size() != 1) {
      return new Refusal("properties are sent as {\"props\":{...}}");
    }
    Change change = new Change(now);
    for (Map.Entry<String, JsonNode> property : props.properties()) {
      String fault = change.take(property.getKey(), property.getValue());
      if (!fault.isEmpty()) {
        return new Refusal(fault);
      }
    }
    String contradiction = change.contradiction();
    return contradiction.isEmpty() ? new Read(change.properties()) : new Refusal(contradiction);
  }

  private static final class Change {
    private static final long TTL_MAX = BucketProperties.TTL_SECONDS_MAX;

    private int n;
    private Level r;
    private Level w;
    private Level pr;
    private Level pw;
    private Level dw;
    private Level nodeConfirms;
    private boolean notfoundOk;
    private boolean basicQuorum;
    private Durability durability;
    private boolean sloppy;
    private long defaultTtl;
    private Conflict conflict;
    private @Nullable Boolean keepsSiblings;
    private @Nullable Boolean lastWriteWins;
    private String fault = "";

    Change(BucketProperties now) {
      n = now.n();
      r = now.r();
      w = now.w();
      pr = now.pr();
      pw = now.pw();
      dw = now.dw();
      nodeConfirms = now.nodeConfirms();
      notfoundOk = now.notfoundOk();
      basicQuorum = now.basicQuorum();
      durability = now.durability();
      sloppy = now.sloppy();
      defaultTtl = now.defaultTtlSeconds();
      conflict = now.conflict();
    }

    BucketProperties properties() {
      return new BucketProperties(
          n,
          r,
          w,
          pr,
          pw,
          dw,
          nodeConfirms,
          notfoundOk,
          basicQuorum,
          durability,
          sloppy,
          defaultTtl,
          conflict);
    }

    /// Takes one property; what is wrong with it, empty where nothing is.
    String take(String name, JsonNode value) {
      switch (name) {
        case "name" -> {
          // Part of what a GET shows, so that it can be sent back as it is.
        }
        case "n_val" -> n = copies(value);
        case "r" -> r = level(name, value, r);
        case "w" -> w = level(name, value, w);
        case "pr" -> pr = level(name, value, pr);
        case "pw" -> pw = level(name, value, pw);
        case "dw" -> dw = level(name, value, dw);
        case "rw" -> rw(value);
        case "node_confirms" -> nodeConfirms = level(name, value, nodeConfirms);
        case "notfound_ok" -> notfoundOk = flag(name, value);
        case "basic_quorum" -> basicQuorum = flag(name, value);
        case "allow_mult" -> keepsSiblings = flag(name, value);
        case "last_write_wins" -> lastWriteWins = flag(name, value);
        case "conflict" -> conflict = conflict(value);
        case "durability" -> durability = durability(value);
        case "quorum" -> sloppy = sloppy(value);
        case "default_ttl" -> defaultTtl = seconds(value);
        default ->
            fault =
                NAMES_OF_RIAK.contains(name)
                    ? "property '" + name + "' of Riak is not offered: leave it out"
                    : "unknown property "
                        + quoted(name)
                        + ": the nearest known one is '"
                        + NearestName.of(cut(name), NAMES)
                        + "'";
      }
      return fault;
    }

    /// What is wrong with the properties among each other. Riak's names for what happens to
    /// concurrent writes may stand where they say what `conflict` says; by themselves they set
    /// nothing: who wants writes to be lost must name the loss.
    String contradiction() {
      boolean lossy = conflict == Conflict.LWW_LOSSY;
      if (lastWriteWins != null && lastWriteWins && !lossy) {
        return "last_write_wins cannot be true alone: the clock of a computer would decide which of"
            + " two acknowledged writes is lost; who wants that says conflict = 'lww-lossy'";
      }
      if (keepsSiblings != null && !keepsSiblings && !lossy) {
        return "allow_mult cannot be false alone: without siblings one of two concurrent writes would"
            + " be lost without a word; merge them, or say conflict = 'lww-lossy'";
      }
      if (lossy
          && ((lastWriteWins != null && !lastWriteWins)
              || (keepsSiblings != null && keepsSiblings))) {
        return "conflict is 'lww-lossy': that is last_write_wins = true and allow_mult = false; leave"
            + " those out";
      }
      return "";
    }

    private Conflict conflict(JsonNode value) {
      Conflict wanted = value.isString() ? Conflict.of(value.stringValue()) : null;
      if (wanted == null) {
        fault = "conflict must be 'siblings' or 'lww-lossy'";
        return conflict;
      }
      return wanted;
    }

    /// Short enough for the search of the nearest name, which takes time by its square.
    private static String cut(String name) {
      return name.substring(0, Math.min(name.length(), 40));
    }

    private static String quoted(String name) {
      String shown = cut(name);
      StringBuilder text = new StringBuilder("'");
      for (int i = 0; i < shown.length(); i++) {
        char c = shown.charAt(i);
        text.append(c >= ' ' && c < 0x7f ? c : '?');
      }
      return text.append('\'').toString();
    }

    private int copies(JsonNode value) {
      if (!value.isInt() || value.intValue() < 1 || value.intValue() > BucketProperties.N_MAX) {
        fault = "n_val must be an integer from 1 to " + BucketProperties.N_MAX;
        return n;
      }
      return value.intValue();
    }

    private Level level(String name, JsonNode value, Level otherwise) {
      if (value.isInt() && value.intValue() >= 0 && value.intValue() <= BucketProperties.N_MAX) {
        return Level.of(value.intValue());
      }
      Level level = value.isString() ? Level.parse(value.stringValue()) : null;
      if (level instanceof Level.Named
          && level != Level.DEFAULT
          && (level != Level.Named.ANY || name.equals("w"))) {
        return level;
      }
      fault =
          name
              + " must be an integer from 0 to "
              + BucketProperties.N_MAX
              + " or 'one', 'quorum' or 'all'";
      return otherwise;
    }

    private void rw(JsonNode value) {
      String word = value.isString() ? value.stringValue() : "";
      if (!word.equals("quorum") && !word.equals("default")) {
        fault = "rw is always 'quorum' here: a delete asks for the bucket's r and w; set those";
      }
    }

    private boolean flag(String name, JsonNode value) {
      if (!value.isBoolean()) {
        fault = name + " must be true or false";
        return false;
      }
      return value.booleanValue();
    }

    private boolean sloppy(JsonNode value) {
      String word = value.isString() ? value.stringValue() : "";
      if (!word.equals("strict") && !word.equals("sloppy")) {
        fault = "quorum must be 'strict' or 'sloppy'";
      }
      return word.equals("sloppy");
    }

    private long seconds(JsonNode value) {
      if (!value.isInt() || value.intValue() < 0 || value.intValue() > TTL_MAX) {
        fault =
            "default_ttl must be a whole number of seconds from 1 to "
                + TTL_MAX
                + " (ten years), or 0 for values that stay";
        return defaultTtl;
      }
      return value.intValue();
    }

    private Durability durability(JsonNode value) {
      String word = value.isString() ? value.stringValue() : "";
      if (!word.equals("synced") && !word.equals("buffered")) {
        fault = "durability must be 'synced' or 'buffered'";
        return durability;
      }
      return word.equals("synced") ? Durability.SYNCED : Durability.BUFFERED;
    }
  }
}
