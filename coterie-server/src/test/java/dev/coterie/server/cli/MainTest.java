// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.FakeNode;
import dev.coterie.server.remote.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// The verbs that talk to a cluster, against listeners that answer as told: what is sent, what is
/// printed, how it ends.
final class MainTest {
  private static final FakeNode.Told NOT_FOUND =
      FakeNode.told(404, "not found\n", "X-Coterie-Outcome", "not-found");

  @TempDir Path folder;

  /// What a command line left behind.
  private record Ran(int exit, String out, String err) {}

  private static Ran run(String in, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(in.getBytes(UTF_8)),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            () -> false);
    int exit = Main.run(terminal, arguments);
    return new Ran(exit, out.toString(UTF_8), err.toString(UTF_8));
  }

  private static Ran against(FakeNode node, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--cluster");
    all.add(node.address().toString());
    return run("", all.toArray(String[]::new));
  }

  private static Ran answered(FakeNode.Told told, String... arguments) {
    try (FakeNode node = new FakeNode(_ -> told)) {
      return against(node, arguments);
    }
  }

  @Test
  void jsonNamesTheReasonOfARefusal() {
    FakeNode.Told overload =
        FakeNode.told(503, "full", "X-Coterie-Outcome", "rejected", "X-Coterie-Reason", "OVERLOAD");
    assertThat(answered(overload, "put", "b", "k", "v", "--json").out())
        .contains("\"outcome\" : \"rejected\"", "\"reason\" : \"OVERLOAD\"");
    assertThat(answered(overload, "get", "b", "k", "--json").out())
        .contains("\"reason\" : \"OVERLOAD\"");
    FakeNode.Told unsure = FakeNode.told(503, "W", "X-Coterie-Reason", "W_UNSATISFIED");
    assertThat(answered(unsure, "put", "b", "k", "v", "--json").out())
        .contains("\"outcome\" : \"indeterminate\"", "\"reason\" : \"W_UNSATISFIED\"");
    FakeNode.Told starting = FakeNode.told(503, "starts", "X-Coterie-Reason", "NOT_READY");
    assertThat(answered(starting, "bucket", "set", "b", "--r", "2", "--json").out())
        .contains("\"reason\" : \"NOT_READY\"");
  }

  @Test
  void eachOutcomeHasAnExitCodeOfItsOwn() {
    String[] put = {"put", "b", "k", "v"};
    assertThat(answered(FakeNode.told(204, ""), put).exit()).isZero();
    assertThat(answered(FakeNode.told(412, "no"), put).exit()).isEqualTo(ExitCode.REJECTED);
    assertThat(answered(FakeNode.told(503, "W"), put).exit()).isEqualTo(ExitCode.INDETERMINATE);
    assertThat(answered(FakeNode.hangUp(), put).exit()).isEqualTo(ExitCode.INDETERMINATE);
    assertThat(answered(NOT_FOUND, "get", "b", "k").exit()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(answered(FakeNode.told(503, "R"), "get", "b", "k").exit())
        .isEqualTo(ExitCode.REJECTED);
    Ran gone = run("", "get", "b", "k", "--cluster", FakeNode.nobody().toString());
    assertThat(gone.exit()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(gone.err()).contains("nothing was changed").contains("./coterie up");
  }

  @Test
  void optionsTravelAsParametersAndHeaders() {
    try (FakeNode node = new FakeNode(_ -> FakeNode.told(204, ""))) {
      Ran ran =
          against(
              node,
              "put",
              "b/c",
              "a%2Fb",
              "grün",
              "--encoded",
              "--type",
              "t",
              "--w",
              "all",
              "--dw",
              "1",
              "--n",
              "3",
              "--timeout",
              "250",
              "--durability",
              "buffered",
              "--return-body",
              "--context",
              "ctx",
              "--meta",
              "colour=red",
              "--if-match",
              "tag1",
              "--content-type",
              "text/x");
      assertThat(ran.err()).isEmpty();
      FakeNode.Asked asked = node.asked().getFirst();
      assertThat(asked.target())
          .isEqualTo(
              "/types/t/buckets/b%2Fc/keys/a%2Fb?n_val=3&timeout=250&w=all&dw=1"
                  + "&durability=buffered&returnbody=true");
      assertThat(asked.headers())
          .containsEntry("x-riak-vclock", "ctx")
          .containsEntry("x-riak-meta-colour", "red")
          .containsEntry("if-match", "\"tag1\"")
          .containsEntry("content-type", "text/x");
      assertThat(asked.body().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
          .isEqualTo("grün".getBytes(UTF_8));
    }
    try (FakeNode node = new FakeNode(_ -> NOT_FOUND)) {
      Ran unused = against(node, "get", "b", "k", "--r", "2", "--pr=1", "--notfound-ok", "false");
      assertThat(node.asked().getFirst().target())
          .isEqualTo("/buckets/b/keys/k?r=2&pr=1&notfound_ok=false");
    }
  }

  @Test
  void replaceSendsBackTheContextThatItRead() {
    try (FakeNode node =
        new FakeNode(
            asked ->
                asked.method().equals("GET")
                    ? FakeNode.told(200, "old", "X-Riak-Vclock", "seen")
                    : FakeNode.told(204, ""))) {
      assertThat(against(node, "put", "b", "k", "v", "--replace").exit()).isZero();
      assertThat(node.asked().get(1).headers()).containsEntry("x-riak-vclock", "seen");
    }
  }

  @Test
  void aLifeIsToldInSecondsAndShown() {
    String[] told = {"X-Coterie-Ttl", "900", "X-Coterie-Expires", "Sun, 06 Nov 1994 08:49:37 GMT"};
    try (FakeNode node =
        new FakeNode(asked -> FakeNode.told(asked.method().equals("GET") ? 200 : 204, "v", told))) {
      assertThat(against(node, "put", "b", "k", "v", "--ttl", "15m").out())
          .startsWith("stored b/k, expires in 900 s");
      assertThat(node.asked().getLast().target()).endsWith("?ttl=900");
      Ran got = against(node, "get", "b", "k");
      assertThat(got.out()).isEqualTo("v");
      assertThat(got.err()).contains("expires in 900 s, Sun, 06 Nov 1994 08:49:37 GMT");
      assertThat(against(node, "get", "b", "k", "--json").out()).contains("\"ttl_seconds\" : 900");
      assertThat(against(node, "put", "b", "k", "v", "--ttl", "15").exit())
          .isEqualTo(ExitCode.USAGE);
      assertThat(node.asked()).hasSize(3);
      assertThat(against(node, "put", "b", "k", "v", "--ttl", "none").exit()).isZero();
      assertThat(node.asked().getLast().target()).endsWith("?ttl=none");
    }
  }

  @Test
  void theValueComesFromArgumentFileOrStandardInput() throws IOException {
    Path file = Files.writeString(folder.resolve("v"), "from file");
    try (FakeNode node = new FakeNode(_ -> FakeNode.told(204, ""))) {
      String cluster = node.address().toString();
      assertThat(run("", "put", "b", "k", "--file", file.toString(), "--cluster", cluster).exit())
          .isZero();
      assertThat(run("from stdin", "put", "b", "k", "-", "--cluster", cluster).exit()).isZero();
      assertThat(node.asked())
          .extracting(FakeNode.Asked::body)
          .containsExactly("from file", "from stdin");
      assertThat(run("", "put", "b", "k", "--cluster", cluster).exit()).isEqualTo(ExitCode.USAGE);
      assertThat(run("", "put", "b", "k", "v", "--file", "f", "--cluster", cluster).exit())
          .isEqualTo(ExitCode.USAGE);
      assertThat(node.asked()).hasSize(2);
    }
  }

  @Test
  void getPrintsTheValueAlone() {
    FakeNode.Told told = FakeNode.told(200, "bare bytes", "X-Riak-Vclock", "c1", "ETag", "\"t\"");
    assertThat(answered(told, "get", "b", "k")).isEqualTo(new Ran(0, "bare bytes", ""));
    assertThat(answered(told, "get", "b", "k", "--context")).isEqualTo(new Ran(0, "c1\n", ""));
  }

  @Test
  void siblingsAreListedWithTheirTagsAndCanBeChosen() {
    FakeNode.Told told =
        FakeNode.told(
            300,
            "--x\r\nEtag: \"t1\"\r\nContent-Type: text/plain\r\n\r\none\r\n"
                + "--x\r\nEtag: \"t2\"\r\n\r\n\u00ff\r\n--x--",
            "Content-Type",
            "multipart/mixed; boundary=x",
            "X-Riak-Vclock",
            "c");
    Ran both = answered(told, "get", "b", "k");
    assertThat(both.exit()).isZero();
    assertThat(both.out())
        .isEqualTo(
            "2 siblings\n--- vtag t1  text/plain  \none\n--- vtag t2    \n(1 bytes, not text)\n");
    assertThat(both.err()).contains("merge them");
    assertThat(answered(told, "get", "b", "k", "--vtag", "t1").out()).isEqualTo("one");
    assertThat(answered(told, "get", "b", "k", "--vtag", "t9").exit()).isEqualTo(ExitCode.NEGATIVE);
  }

  @Test
  void jsonTellsEverything() throws Json.Malformed {
    Ran ran =
        answered(
            FakeNode.told(200, "v", "X-Riak-Vclock", "c", "X-Coterie-Receipt", "{\"got\":2}"),
            "get",
            "b",
            "k",
            "--json");
    Object json = Json.read(ran.out());
    assertThat(Json.text(json, "outcome")).isEqualTo("found");
    assertThat(Json.text(json, "context")).isEqualTo("c");
    assertThat(Json.text(Json.list(json, "values").getFirst(), "value")).isEqualTo("v");
    assertThat(Json.whole(Json.member(Json.member(json, "receipt"), "receipt"), "got"))
        .isEqualTo(2);
    Ran failed = run("", "get", "b", "k", "--json", "--cluster", folder.toString());
    assertThat(failed.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(Json.whole(Json.read(failed.out()), "exit")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void whatMakesNoSenseIsRefusedWithAHintBeforeAnythingIsSent() {
    try (FakeNode node = new FakeNode(_ -> FakeNode.told(204, ""))) {
      for (String[] bad :
          new String[][] {
            {"put", "b", "k", "v", "--w", "most"},
            {"put", "b", "k", "v", "--context", "a\nb"},
            {"put", "b", "k", "v", "--meta", "a:b=c"},
            {"put", "b", "k", "v", "--context", "c", "--replace"},
            {"put", "b", "k%2", "v", "--encoded"},
            {"put", "b", "k\uFFFD", "v"},
            {"get", "b"},
            {"get", "b", "k", "--nonsense"},
            {"bucket", "set", "b"},
            {"bucket", "set", "b", "--w", "default"},
            {"bucket", "set", "b", "--default-ttl", "2"},
            {"bucket", "set", "b", "--default-ttl", "0s"},
            {"bucket", "set", "b", "--default-ttl", "3651d"},
            {"put", "b", "k", "v", "--ttl", "3651d"},
          }) {
        Ran ran = against(node, bad);
        assertThat(ran.exit()).as(String.join(" ", bad)).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).startsWith("coterie: ").hasLineCount(1);
      }
      assertThat(node.asked()).isEmpty();
    }
    assertThat(run("", "gte", "b", "k").err())
        .isEqualTo(
            "coterie: there is no verb 'gte'; did you mean 'get'? ./coterie --help lists them\n");
  }

  @Test
  void everyVerbHasHelp() {
    for (List<String> verb :
        List.of(
            List.of("put"),
            List.of("get"),
            List.of("delete"),
            List.of("node"),
            List.of("bucket"),
            List.of("bucket", "show"),
            List.of("bucket", "set"),
            List.of("bucket", "explain"),
            List.of("key"),
            List.of("key", "explain"),
            List.of("cluster", "status"))) {
      List<String> line = new ArrayList<>(verb);
      line.add("--help");
      Ran ran = run("", line.toArray(String[]::new));
      assertThat(ran.exit()).isZero();
      assertThat(ran.out()).contains("coterie " + String.join(" ", verb)).contains("--help");
    }
    assertThat(run("", "--help").out()).contains("  put ").contains("Exit codes of every verb");
  }

  @Test
  void helpNamesEveryLevelThatAWriteTakes() {
    for (List<String> verb :
        List.of(List.of("put", "--help"), List.of("bucket", "set", "--help"))) {
      assertThat(run("", verb.toArray(String[]::new)).out().replaceAll("\\s+", " "))
          .containsPattern("a number, or one, quorum or all; (of --w also )?any: one durable copy");
    }
  }

  /// Descriptions are formats: a lone percent sign makes picocli complain on each help.
  @Test
  void helpHasNoStrayPercentSign() {
    List<CommandSpec> rest = new ArrayList<>();
    Main.VERBS.forEach(verb -> rest.add(Main.command(verb, Terminal.system()).getCommandSpec()));
    for (int i = 0; i < rest.size(); i++) {
      CommandSpec spec = rest.get(i);
      spec.subcommands().values().forEach(each -> rest.add(each.getCommandSpec()));
      spec.mixins().values().forEach(rest::add);
      for (String line : descriptions(spec.userObject().getClass())) {
        assertThat(line.replace("%%", "").replace("%n", ""))
            .as(spec.qualifiedName())
            .doesNotContain("%");
      }
    }
    assertThat(rest).hasSizeGreaterThan(20);
  }

  /// As they are written, before picocli makes them text.
  private static List<String> descriptions(Class<?> command) {
    List<String> lines = new ArrayList<>();
    CommandLine.Command named = command.getAnnotation(CommandLine.Command.class);
    if (named != null) {
      lines.addAll(List.of(named.description()));
    }
    for (Field field : command.getDeclaredFields()) {
      CommandLine.Option option = field.getAnnotation(CommandLine.Option.class);
      CommandLine.Parameters words = field.getAnnotation(CommandLine.Parameters.class);
      lines.addAll(option == null ? List.of() : List.of(option.description()));
      lines.addAll(words == null ? List.of() : List.of(words.description()));
    }
    return lines;
  }

  @Test
  void aKeyIsExplainedByOneNode() {
    String report = "{\"key\":\"k\",\"lines\":[\"k in group n3/1\",\"- because\"]}";
    try (FakeNode node = new FakeNode(_ -> FakeNode.told(200, report))) {
      Ran ran = against(node, "key", "explain", "b", "a/b", "--type", "t", "--values");
      assertThat(ran.exit()).as(ran.err()).isZero();
      assertThat(ran.out()).isEqualTo("k in group n3/1\n- because\n");
      assertThat(node.asked().getFirst().target())
          .isEqualTo("/explain/types/t/buckets/b/keys/a%2Fb?values=true");
      assertThat(against(node, "key", "explain", "b", "k", "--json").out())
          .contains("\"key\" : \"k\"");
    }
    Ran busy = answered(FakeNode.told(503, "too many"), "key", "explain", "b", "k");
    assertThat(busy.exit()).isEqualTo(ExitCode.REJECTED);
    assertThat(busy.err()).contains("HTTP status 503: too many").hasLineCount(1);
    Ran client = answered(FakeNode.told(404, "no"), "key", "explain", "b", "k");
    assertThat(client.err()).contains("is that a node's admin address");
    Ran gone = run("", "key", "explain", "b", "k", "--cluster", FakeNode.nobody().toString());
    assertThat(gone.exit()).isEqualTo(ExitCode.UNREACHABLE);
  }

  /// A node that cannot be reached is passed over; the next one knows as much.
  @Test
  void theNextNodeExplainsWhereOneIsAway() throws IOException {
    try (FakeNode up = new FakeNode(_ -> FakeNode.told(200, "{\"lines\":[\"told\"]}"))) {
      HostPort peer = new HostPort("127.0.0.1", 1);
      new ClusterFile(
              "c",
              List.of(
                  new ClusterFile.Entry("n1", 0, peer, peer, FakeNode.nobody(), ""),
                  new ClusterFile.Entry("n2", 0, peer, peer, up.address(), "")))
          .write(folder);
      String at = folder.toString();
      assertThat(run("", "key", "explain", "b", "k", "--cluster", at).out()).isEqualTo("told\n");
      assertThat(run("", "key", "explain", "b", "k", "--cluster", at, "--node", "n1").exit())
          .isEqualTo(ExitCode.UNREACHABLE);
    }
  }

  @Test
  void eachPartitionsLastAuditIsShownWhereItIsAskedFor() throws Json.Malformed {
    String status =
        "{\"node\":\"n1\",\"state\":\"serving\",\"sentence\":\"serving\",\"members\":[],"
            + "\"audits\":{\"seconds_ago\":{\"n3/7\":61,\"n3/12\":-1}}}";
    try (FakeNode node =
        new FakeNode(
            asked ->
                asked.target().equals("/status")
                    ? FakeNode.told(200, status)
                    : FakeNode.told(404, "no"))) {
      assertThat(against(node, "cluster", "status").out())
          .contains("groups  oldest  never since the start\n2       61 s    1\n")
          .doesNotContain("n3/7");
      assertThat(against(node, "cluster", "status", "--partitions").out())
          .contains("n3/7   61 s        n1\n", "n3/12  never       -\n");
      Object audits =
          Json.member(Json.read(against(node, "cluster", "status", "--json").out()), "audits");
      assertThat(Json.whole(audits, "never")).isEqualTo(1);
      assertThat(Json.whole(audits, "oldest_seconds")).isEqualTo(61);
      assertThat(Json.whole(Json.list(audits, "partitions").getLast(), "seconds_ago"))
          .isEqualTo(-1);
    }
  }

  @Test
  void watchingIsForPeople() {
    assertThat(run("", "cluster", "status", "--watch", "0").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run("", "cluster", "status", "--watch", "--json").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void bucketPropertiesAreShownSetAndExplained() throws Json.Malformed {
    String props =
        "{\"props\":{\"n_val\":3,\"r\":1,\"w\":\"quorum\",\"notfound_ok\":true,"
            + "\"durability\":\"synced\",\"default_ttl\":900}}";
    try (FakeNode node =
        new FakeNode(
            asked ->
                asked.method().equals("GET")
                    ? FakeNode.told(200, props)
                    : FakeNode.told(204, ""))) {
      assertThat(against(node, "bucket", "show", "b").out())
          .contains("n_val           3\n")
          .contains("w               quorum\n")
          .contains("default_ttl     900\n");
      assertThat(against(node, "bucket", "set", "b", "--w", "2", "--r", "one").exit()).isZero();
      FakeNode.Asked set = node.asked().get(1);
      assertThat(set.target()).isEqualTo("/buckets/b/props");
      assertThat(set.headers()).containsEntry("content-type", "application/json");
      assertThat(set.body()).isEqualTo("{\"props\":{\"r\":\"one\",\"w\":2}}");
      assertThat(against(node, "bucket", "explain", "b").out()).contains("r + w <= n (1 + 2 <= 3)");
      assertThat(against(node, "bucket", "explain", "b", "--r", "2").out())
          .contains("r + w > n (2 + 2 > 3)");
      assertThat(against(node, "bucket", "explain", "b").out().replaceAll("\\s+", " "))
          .contains("A value whose put does not say how long it is to stay expires 900 s after");
      assertThat(against(node, "bucket", "explain", "b", "--default-ttl", "none").out())
          .doesNotContain("default_ttl");
      int asked = node.asked().size();
      assertThat(against(node, "bucket", "set", "b", "--default-ttl", "2h").exit()).isZero();
      assertThat(against(node, "bucket", "set", "b", "--default-ttl", "none").exit()).isZero();
      assertThat(node.asked().subList(asked, asked + 2))
          .extracting(FakeNode.Asked::body)
          .containsExactly("{\"props\":{\"default_ttl\":7200}}", "{\"props\":{\"default_ttl\":0}}");
    }
    Ran refused = run("", "bucket", "explain", "--w", "3", "--machines", "2", "--json");
    assertThat(refused.exit()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(Json.truth(Json.read(refused.out()), "valid")).isFalse();
  }

  @Test
  void aNodeWithABadConfigurationDoesNotStart() throws IOException {
    Path config = Files.writeString(folder.resolve("config.toml"), "[node]\nidd = \"a\"\n");
    Ran ran = run("", "node", "--config", config.toString());
    assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err())
        .contains("is refused, the node does not start")
        .contains("line 2: unknown key 'node.idd': did you mean 'id'?");
    assertThat(run("", "node", "--print-config").out()).contains("\n[node]\n");
    assertThat(run("", "node").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aListenerThatKnowsNoKeysIsNotTakenForAnAbsentValue() {
    FakeNode.Told strange = FakeNode.told(404, "no such path\n");
    for (String[] verb :
        new String[][] {{"get", "b", "k"}, {"put", "b", "k", "v"}, {"delete", "b", "k"}}) {
      Ran ran = answered(strange, verb);
      assertThat(ran.exit()).isEqualTo(ExitCode.REJECTED);
      assertThat(ran.err()).contains("HTTP 404").contains("no such path");
    }
  }

  @Test
  void aWordThatIsNoVerbIsNamedWithWhatThereIs() {
    assertThat(run("", "bucket", "sho").err())
        .startsWith("coterie: there is no 'bucket sho'; did you mean 'show'?")
        .contains("show, set, explain");
    assertThat(run("", "cluster", "foo").err())
        .startsWith("coterie: there is no 'cluster foo': there is status, figures, restart;");
    assertThat(run("", "zzz").err())
        .isEqualTo("coterie: there is no verb 'zzz': ./coterie --help lists them\n");
    assertThat(run("", "-h", "put").out()).contains("  bench ");
  }

  @Test
  void foldersAndFilesThatCannotBeUsedAreTheUsersMatter() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {-1, -2});
    Path foreign = Files.createDirectories(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("thesis.tex"), "x");
    String[][] lines = {
      {"up", "--dir", file.toString()},
      {"up", "--dir", file.toString(), "--detach"},
      {"up", "--dir", foreign.toString(), "--detach"},
      {"demo", "--dir", file.toString()},
      {"down", "--dir", file.toString()},
      {"put", "b", "k", "--file", folder.resolve("none").toString()},
      {"put", "b", "k", "--file", folder.toString()},
      {"node", "--config", folder.toString()},
      {"sim", "script", "--jitter", "-1", file.toString()},
      {"sim", "script", binary.toString()},
      {"sim", "--shrink", "-1"},
      {"node", "--print-config", "--json"},
      {"get", "b", "k", "--cluster", "http://127.0.0.1:8098"},
      {"get", "b", "k", "--cluster", "127.0.0.1:99999"},
      {"get", "b", "k", "--cluster", "127.0.0.1:8098", "--via", "n1"},
    };
    for (String[] line : lines) {
      Ran ran = run("", line);
      String all = ran.out() + ran.err();
      assertThat(ran.exit()).as(all).isEqualTo(ExitCode.USAGE);
      assertThat(all).doesNotContain("Exception").doesNotContain("\tat ");
    }
    try (var left = Files.list(foreign)) {
      assertThat(left).as("a foreign folder is left alone").hasSize(1);
    }
  }

  @Test
  void aValueWithoutEndIsGivenUp() {
    String endless = "x".repeat((16 << 20) + 1);
    try (FakeNode node = new FakeNode(_ -> FakeNode.told(204, ""))) {
      Ran ran = run(endless, "put", "b", "k", "-", "--cluster", node.address().toString());
      assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err()).contains("larger than 16 MiB");
      assertThat(node.asked()).isEmpty();
    }
  }

  @Test
  void benchEndsAtOnceWhereNobodyListens() {
    Ran ran = run("", "bench", "--cluster", FakeNode.nobody().toString());
    assertThat(ran.exit()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.err()).startsWith("coterie: no node could be reached").hasLineCount(1);
  }

  @Test
  void aNodeThatHangsIsNotWaitedForLongerThanAsked() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + silent.getLocalPort();
      long begun = System.nanoTime();
      Ran status = run("", "cluster", "status", "--cluster", address);
      assertThat(status.exit()).isEqualTo(ExitCode.UNREACHABLE);
      assertThat(status.out()).contains("The node " + address + " does not answer.");
      assertThat(run("", "get", "b", "k", "--timeout", "1", "--cluster", address).exit())
          .isEqualTo(ExitCode.UNREACHABLE);
      assertThat(System.nanoTime() - begun).isLessThan(40_000_000_000L);
    }
  }

  @Test
  void anIndeterminateOutcomeIsSaidOnce() {
    Ran ran = answered(FakeNode.told(503, "timed out\nindeterminate: ...\n"), "put", "b", "k", "v");
    assertThat(ran.err()).hasLineCount(1).contains("timed out; read the key before");
  }

  @Test
  void theClusterOfAFolderIsAskedNodeByNode() throws IOException {
    try (FakeNode up = new FakeNode(_ -> FakeNode.told(200, "v"))) {
      HostPort peer = new HostPort("127.0.0.1", 1);
      new ClusterFile(
              "c",
              List.of(
                  new ClusterFile.Entry("n1", 0, FakeNode.nobody(), peer, peer, ""),
                  new ClusterFile.Entry("n2", 0, up.address(), peer, peer, "")))
          .write(folder);
      String cluster = folder.toString();
      assertThat(run("", "get", "b", "k", "--cluster", cluster).out()).isEqualTo("v");
      assertThat(run("", "get", "b", "k", "--cluster", cluster, "--via", "n1").exit())
          .isEqualTo(ExitCode.UNREACHABLE);
      assertThat(run("", "get", "b", "k", "--cluster", cluster, "--via", "n3").err())
          .contains("no node 'n3'");
    }
  }

  @Test
  void theCommandsThatTheDashboardNamesAreThere() throws IOException {
    String page = Files.readString(Path.of("../docs/dashboard.md"));
    Matcher each = Pattern.compile("`\\./coterie ([a-z ]+)( --[a-z]+| [A-Z ]+)?`").matcher(page);
    TreeSet<String> commands = new TreeSet<>();
    while (each.find()) {
      commands.add(each.group(1).strip());
      List<String> words = new ArrayList<>(List.of(each.group(1).strip().split(" ", -1)));
      words.add("--help");
      Ran ran = run("", words.toArray(String[]::new));
      assertThat(ran.exit()).as(each.group()).isZero();
      String option = each.group(2) == null ? "" : each.group(2).strip();
      assertThat(ran.out()).contains(option.startsWith("--") ? option : "Usage");
    }
    assertThat(commands).contains("cluster status", "cluster figures", "key explain");
  }

  @Test
  void figuresAreThoseOfTheNodesDashboard() {
    String document =
        "{\"asked\":\"n1\",\"told\":1,\"members\":1,\"verdict\":{\"sentence\":\"All is well.\"},"
            + "\"clients\":{\"reads_per_s\":58.1,\"read_ms\":{\"p99\":3.2}},"
            + "\"debt\":{\"hints\":{\"for\":[{\"node\":\"n3\",\"count\":12}]}},"
            + "\"nodes\":[{\"id\":\"n1\",\"state\":\"serving\",\"boot\":4}],"
            + "\"events\":[{\"at_ms\":0,\"sentence\":\"started, boot 4\"}]}";
    Ran ran = answered(FakeNode.told(200, document), "cluster", "figures");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .startsWith("All is well.\nas n1 sees it; 1 of 1 nodes tell\n")
        .containsPattern("reads_per_s +58.1\n")
        .containsPattern("read_ms.p99 +3.2\n")
        .containsPattern("hints.for.n3.count +12\n")
        .containsPattern("n1 +serving +- +4 ")
        .contains("1970-01-01T00:00:00Z  started, boot 4");
    assertThat(answered(FakeNode.told(200, document), "cluster", "figures", "--json").out())
        .contains("\"reads_per_s\" : 58.1");
    assertThat(answered(NOT_FOUND, "cluster", "figures").exit()).isEqualTo(ExitCode.UNREACHABLE);
  }
}
